from django.urls import path

from recommendations import views

urlpatterns = [
    path("not-for-me/<int:product_id>/", views.dismiss, name="dismiss"),
    path("look/<int:product_id>/", views.look, name="look"),
    path("taste/", views.taste_quiz, name="taste_quiz"),
    path("account/history/", views.history, name="history"),
    path("account/history/forget/", views.forget_history, name="forget_history"),
]
