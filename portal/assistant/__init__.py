"""What the doors call to chat. It drafts and proposes; only a person's click changes anything."""
