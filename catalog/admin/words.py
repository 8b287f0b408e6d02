"""Synonyms, and what shoppers search for."""

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import DropdownFilter

from catalog.admin.read_only import ReadOnlyAdmin
from catalog.models import PopularSearch, Synonym
from catalog.vocabulary import words_of


class SynonymForm(forms.ModelForm):
    class Meta:
        model = Synonym
        fields = ["word", "also"]

    def clean_word(self) -> str:
        word = " ".join(self.cleaned_data["word"].lower().split())
        if not words_of(word):
            raise forms.ValidationError("Write a word with letters, such as “jumper”.")
        return word

    def clean_also(self) -> str:
        also = [" ".join(part.lower().split()) for part in self.cleaned_data["also"].split(",")]
        if not any(words_of(part) for part in also):
            raise forms.ValidationError("Write one word or several, with commas: “sweater, pullover”.")
        return ", ".join(dict.fromkeys(part for part in also if words_of(part)))


@admin.register(Synonym)
class SynonymAdmin(ModelAdmin):
    form = SynonymForm
    list_display = ["word", "also"]
    search_fields = ["word", "also"]


class FoundFilter(DropdownFilter):
    """Which searches end on an empty page."""

    title = "found"
    parameter_name = "found"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> list[tuple[str, str]]:
        return [("nothing", "Nothing"), ("something", "Something")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[PopularSearch]) -> QuerySet[PopularSearch]:
        match self.value():
            case "nothing":
                return queryset.filter(n_found=0)
            case "something":
                return queryset.filter(n_found__gt=0)
        return queryset


@admin.register(PopularSearch)
class PopularSearchAdmin(ReadOnlyAdmin):
    list_display = ["words", "n_shoppers", "n_found", "is_suggested"]
    list_filter = [FoundFilter]
    list_filter_submit = True
    search_fields = ["words"]
