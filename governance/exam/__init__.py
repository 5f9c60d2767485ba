"""The exam: requests with reviewed verdicts that planner and models answer, so that their drafts can be trusted or not.

paper    what is asked, read from a file
marking  whether one answer is right, decided by the engine
score    what the marks come to
sitting  going through a paper, item by item, and what came of it
query    what doors may read of it
"""
