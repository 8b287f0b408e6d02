"""Lines below a product: each writes only what the curator touched.

A page may stand open for an hour. Meanwhile orders take stock and workers finish pictures; saving the page must not
bring back what it showed when it was opened.
"""

from functools import partial
from typing import Any

from django import forms
from django.conf import settings
from django.db import transaction
from django.db.models import F, Model, Value
from django.db.models.functions import Greatest
from unfold.forms import PaginationInlineFormSet

from catalog.models import ProductImage, Variant


class UntouchedFieldsForm(forms.ModelForm):
    """Remembers in the page what each field held, so that only fields changed by hand count as changed. Each field
    carries its name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():  # the head of the table names a column for the eye alone
            control = getattr(
                field.widget, "widget", field.widget
            )  # Django wraps a choice of rows in its tools
            control.attrs["aria-label"] = str(field.label)
        if self.instance.pk:
            for name, field in self.fields.items():
                # The theme's script writes the order into every field of that name.
                field.show_hidden_initial = name != "position" and not isinstance(field, forms.FileField)


class TouchedFieldsFormSet(PaginationInlineFormSet):
    """Saves only the fields that were changed."""

    def save_existing(self, form: forms.ModelForm, obj: Model, commit: bool = True) -> Model:
        if commit:
            obj.save(update_fields=self.touched(form, obj))
        return obj

    def touched(self, form: forms.ModelForm, obj: Model) -> list[str]:
        """The fields of ``obj`` to write."""
        own = {field.name for field in obj._meta.concrete_fields}
        return [name for name in form.changed_data if name in own]


class VariantForm(UntouchedFieldsForm):
    class Meta:
        model = Variant
        fields = ["sku", "size", "colour", "price", "stock", "weight", "position"]

    def clean_stock(self) -> int:
        stock = self.cleaned_data["stock"]
        if stock < 0:
            raise forms.ValidationError("Stock cannot be below zero.")
        return stock


class VariantFormSet(TouchedFieldsFormSet):
    """Changes stock by as many pieces as the curator added or took: what was sold meanwhile stays sold."""

    def save_new(self, form: forms.ModelForm, commit: bool = True) -> Model:
        form.instance.currency = settings.DEFAULT_CURRENCY
        return super().save_new(form, commit)

    def save_existing(self, form: forms.ModelForm, obj: Model, commit: bool = True) -> Model:
        if "stock" in form.changed_data:
            shown = form.fields["stock"].to_python(form.data.get(form["stock"].html_initial_name))
            if shown is not None:
                difference = form.cleaned_data["stock"] - shown
                obj.stock = Greatest(F("stock") + difference, Value(0))
        return super().save_existing(form, obj, commit)


class PictureFormSet(TouchedFieldsFormSet):
    """A picture with a new file waits for the worker again; the file it replaces goes."""

    def save_existing(self, form: forms.ModelForm, obj: Model, commit: bool = True) -> Model:
        if commit and "upload" in form.changed_data:
            before = ProductImage.objects.values_list("upload", flat=True).get(pk=obj.pk)
            if before:
                transaction.on_commit(partial(obj.upload.storage.delete, before))
        return super().save_existing(form, obj, commit)

    def touched(self, form: forms.ModelForm, obj: Model) -> list[str]:
        names = super().touched(form, obj)
        if "upload" in names:
            obj.state, obj.error = ProductImage.State.WAITING, ""
            names += ["state", "error"]
        return names
