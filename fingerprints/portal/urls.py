from django.urls import path

from fingerprints.portal import brands, designs

urlpatterns = [
    path("brands", brands.overview, name="brands"),
    path("brands/new", brands.create, name="new-brand"),
    path("brands/<uuid:pk>", brands.show, name="brand"),
    path("brands/<uuid:pk>/edit", brands.edit, name="edit-brand"),
    path("brands/<uuid:pk>/designs/new", designs.register, name="new-design"),
    path("designs/<uuid:pk>", designs.show, name="design"),
    path("designs/<uuid:pk>/views", designs.views, name="design-views"),
    path("designs/<uuid:pk>/retire", designs.retire, name="retire-design"),
]
