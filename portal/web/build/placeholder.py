"""T."""
from portal.web import doors
@doors.door
def page(request, dotted=""):
    return doors.page(request, "web/home.html", section="pipelines")
