"""The size guide, edited by owners."""

from django import forms
from django.contrib import admin
from unfold.admin import ModelAdmin, TabularInline

from shop.sizing.models import SizeRow, SizeTable


class SizeRowFormSet(forms.BaseInlineFormSet):
    """Each row has a measure for each column."""

    def clean(self) -> None:
        super().clean()
        columns = self.instance.columns or []
        for form in self.forms:
            measures = form.cleaned_data.get("measures") if form.is_valid() else None
            if measures is not None and not form.cleaned_data.get("DELETE") and len(measures) != len(columns):
                form.add_error(
                    "measures", f"Give {len(columns)} measures, one for each of: {', '.join(columns)}."
                )


class SizeRowInline(TabularInline):
    model = SizeRow
    formset = SizeRowFormSet
    ordering_field = "position"
    extra = 0
    fields = ["size", "other_size", "measures", "position"]
    hide_title = True
    verbose_name_plural = "sizes"


@admin.register(SizeTable)
class SizeTableAdmin(ModelAdmin):
    """One table for each kind of size; a shelf, a brand or a gender may have its own."""

    list_display = ["name", "category", "brand", "gender", "measured"]
    list_select_related = ["category", "brand"]
    search_fields = ["name"]
    autocomplete_fields = ["category", "brand"]
    inlines = [SizeRowInline]

    @admin.display(description="Measures")
    def measured(self, table: SizeTable) -> str:
        return ", ".join(table.columns)
