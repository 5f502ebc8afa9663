from django.urls import path

from detection.intake.portal import imports

urlpatterns = [
    path("imports", imports.overview, name="imports"),
    path("imports/preview/<uuid:pk>", imports.preview, name="preview-import"),
    path("imports/<uuid:pk>", imports.show, name="import"),
]
