"""Addresses of reviews and questions."""

from django.urls import path

from shop.reviews import views

urlpatterns = [
    path("p/<slug:slug>/reviews/", views.reviews, name="reviews"),
    path("p/<slug:slug>/reviews/write/", views.write, name="review_write"),
    path("p/<slug:slug>/reviews/delete/", views.delete, name="review_delete"),
    path("p/<slug:slug>/questions/", views.questions, name="questions"),
    path("reviews/<int:pk>/helpful/", views.helpful, name="review_helpful"),
    path("questions/<int:pk>/answer/", views.answer, name="question_answer"),
]
