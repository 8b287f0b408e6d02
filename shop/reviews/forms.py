"""What shoppers write about a product."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from shop.reviews.models import MAX_PHOTOS, Answer, Question, Review, ReviewPhoto

ACCEPT = "image/jpeg,image/png,image/webp,image/heic,.heic,.heif"
STAR_WORDS = {
    5: gettext_lazy("5 stars: I love it"),
    4: gettext_lazy("4 stars: I like it"),
    3: gettext_lazy("3 stars: it is all right"),
    2: gettext_lazy("2 stars: I am not happy with it"),
    1: gettext_lazy("1 star: I would not buy it again"),
}


class PhotosInput(forms.FileInput):
    """Takes several files; shows none of what was sent before."""

    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """A list of files. Only their number and size are looked at: what they are is for a worker to say."""

    widget = PhotosInput(attrs={"accept": ACCEPT})

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = data if isinstance(data, list | tuple) else [data]
        cleaned = [super(PhotosField, self).clean(file, initial) for file in files if file]
        limit = settings.PICTURE_MAX_BYTES
        for file in cleaned:
            if file.size > limit:
                raise forms.ValidationError(
                    _("%(name)s is larger than %(limit)s MB. Choose a smaller picture.")
                    % {"name": file.name, "limit": limit // 2**20}
                )
        return cleaned


class ReviewForm(forms.ModelForm):
    """A buyer's review. ``sizes`` are those that were bought, ``has_sizes`` whether the style comes in sizes."""

    stars = forms.TypedChoiceField(
        label=gettext_lazy("How do you like it?"),
        coerce=int,
        choices=[*STAR_WORDS.items()],
        widget=forms.RadioSelect,
    )
    fit = forms.ChoiceField(
        label=gettext_lazy("How does it fit?"),
        choices=[*Review.Fit.choices, ("", gettext_lazy("I cannot say"))],
        required=False,
        widget=forms.RadioSelect,
    )
    size = forms.ChoiceField(label=gettext_lazy("Which size did you buy?"), required=False)
    photos = PhotosField(label=gettext_lazy("Pictures"), required=False)
    without = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Take away"),
        queryset=ReviewPhoto.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Review
        fields = ["stars", "title", "words", "fit", "size", "author"]
        labels = {"title": gettext_lazy("In one line"), "words": gettext_lazy("What should others know?")}
        widgets = {"author": forms.TextInput(attrs={"autocomplete": "nickname"})}
        help_texts = {
            "author": gettext_lazy("Shown beside your review. Your first name or any other will do.")
        }

    def __init__(self, *args: Any, sizes: Sequence[str], has_sizes: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["photos"].help_text = ngettext(
            "Up to %(count)s picture, together up to %(limit)s MB. We look at it before it is shown.",
            "Up to %(count)s pictures, together up to %(limit)s MB. We look at them before they are shown.",
            MAX_PHOTOS,
        ) % {"count": MAX_PHOTOS, "limit": settings.PICTURE_MAX_BYTES // 2**20}
        if not has_sizes:
            del self.fields["fit"]
        if sizes:
            self.fields["size"].choices = [
                ("", _("I would rather not say")),
                *((size, size) for size in sizes),
            ]
        else:
            del self.fields["size"]
        shown = self.instance.photos.exclude(state=ReviewPhoto.State.BROKEN) if self.instance.pk else None
        if shown:
            self.fields["without"].queryset = shown
            self.fields["without"].label_from_instance = lambda photo: (
                _("Picture %(number)s") % {"number": photo.position + 1}
            )
        else:
            del self.fields["without"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        kept = self.instance.photos.count() - len(cleaned.get("without") or ()) if self.instance.pk else 0
        if kept + len(cleaned.get("photos") or ()) > MAX_PHOTOS:
            self.add_error(
                "photos",
                _("A review has at most %(most)s pictures. Choose fewer, or take older ones away.")
                % {"most": MAX_PHOTOS},
            )
        return cleaned

    def said(self) -> dict[str, Any]:
        """The review's own fields."""
        return {name: self.cleaned_data[name] for name in self._meta.fields if name in self.cleaned_data}


class QuestionForm(forms.ModelForm):
    """A question. ``website`` is a field that people do not see: only programs fill it in."""

    website = forms.CharField(
        required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"})
    )

    class Meta:
        model = Question
        fields = ["words", "author", "email"]
        labels = {"words": gettext_lazy("Your question"), "author": gettext_lazy("Name to show")}
        widgets = {
            "words": forms.Textarea(attrs={"rows": 3}),
            "author": forms.TextInput(attrs={"autocomplete": "nickname"}),
            "email": forms.EmailInput(attrs={"autocomplete": "email"}),
        }
        help_texts = {"email": gettext_lazy("Only for the answer. It is never shown.")}

    def __init__(self, *args: Any, signed_in: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if signed_in:
            del self.fields["email"]
        else:
            self.fields["email"].required = True

    @property
    def is_from_a_program(self) -> bool:
        return bool(self.data.get("website"))


class AnswerForm(forms.ModelForm):
    """What a buyer answers."""

    class Meta:
        model = Answer
        fields = ["words", "author"]
        labels = {"words": gettext_lazy("Your answer"), "author": gettext_lazy("Name to show")}
        widgets = {
            "words": forms.Textarea(attrs={"rows": 5}),
            "author": forms.TextInput(attrs={"autocomplete": "nickname"}),
        }
