"""Times: clock times, days, dates and months, and the windows they make."""
