from django.urls import path

from fingerprints.portal import brands, bulk, claims, designs, outlines, start

urlpatterns = [
    path("start", start.start, name="start"),
    path("brands", brands.overview, name="brands"),
    path("brands/new", brands.create, name="new-brand"),
    path("brands/<uuid:pk>", brands.show, name="brand"),
    path("brands/<uuid:pk>/edit", brands.edit, name="edit-brand"),
    path("brands/<uuid:pk>/designs/new", designs.register, name="new-design"),
    path("brands/<uuid:pk>/designs/bulk", bulk.designs, name="bulk-designs"),
    path("brands/<uuid:pk>/licences/bulk", bulk.licences, name="bulk-licences"),
    path(
        "brands/<uuid:pk>/designs/bulk/<uuid:table>", bulk.preview_designs, name="preview-designs"
    ),
    path(
        "brands/<uuid:pk>/licences/bulk/<uuid:table>",
        bulk.preview_licences,
        name="preview-licences",
    ),
    path("brands/<uuid:pk>/rights/new", claims.submit, name="new-right"),
    path("rights/<uuid:pk>/withdraw", claims.withdraw, name="withdraw-right"),
    path("rights/<uuid:pk>/document", claims.document, name="right-document"),
    path("rights/<uuid:pk>/preview", claims.document_preview, name="right-preview"),
    path("brands/<uuid:pk>/licences/new", claims.license_seller, name="new-licence"),
    path("licences/<uuid:pk>/revoke", claims.revoke, name="revoke-licence"),
    path("designs/<uuid:pk>", designs.show, name="design"),
    path("designs/<uuid:pk>/views", designs.views, name="design-views"),
    path("designs/<uuid:pk>/views/new", designs.add, name="add-views"),
    path("views/<uuid:pk>/outline", outlines.correct, name="correct-outline"),
    path("views/<uuid:pk>/remove", designs.remove, name="remove-view"),
    path("designs/<uuid:pk>/retire", designs.retire, name="retire-design"),
]
