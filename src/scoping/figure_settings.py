"""How figures are printed: the generic preset, of which a protocol changes what its journal wants otherwise.

Lengths in mm as printed, text in pt, files in MB of a million bytes. Colours, hatchings and shapes are no setting: they
were chosen together to be told apart in grey and by all eyes.
"""

from typing import Annotated, Literal, TypeAlias

from pydantic import AfterValidator, Field, model_validator

from scoping.strict_model import AS_NUMBER, AS_WHOLE, NO_REPEATS, Strict, wrong

FORMS = ("svg", "pdf", "png", "tiff")
ALWAYS = ("svg", "png")  # what pages and documents are made with
DRAWN_AT = 8.0  # pt of text for which the distances of all figures were chosen
SMALLER = 7 / 8  # labels and ticks, relative to text
WIDEST, TALLEST = 140.0, 190.0  # what the widest and the tallest figure need at least, for text of DRAWN_AT


def _from_narrow_to_wide(widths: tuple[float, ...]) -> tuple[float, ...]:
    if list(widths) != sorted(widths):
        raise wrong("name the widths from the narrowest to the widest: one column, one and a half, the page")
    return widths


Length: TypeAlias = Annotated[float, Field(ge=40, le=600, allow_inf_nan=False), AS_NUMBER]
Dots: TypeAlias = Annotated[int, Field(ge=150, le=1200), AS_WHOLE]
Megabytes: TypeAlias = Annotated[float, Field(gt=0, allow_inf_nan=False), AS_NUMBER]


class Largest(Strict):
    """The largest file of each form, in MB."""

    svg: Megabytes = Field(default=10.0, description="The largest SVG, in MB.")
    pdf: Megabytes = Field(default=10.0, description="The largest PDF, in MB.")
    png: Megabytes = Field(default=10.0, description="The largest PNG, in MB.")
    tiff: Megabytes = Field(default=10.0, description="The largest TIFF, in MB.")


class Preset(Strict):
    """How figures and the flow diagram are printed; each default is that of the generic preset."""

    widths: Annotated[tuple[Length, ...], Field(min_length=3, max_length=3), AfterValidator(_from_narrow_to_wide)] = (
        Field(
            default=(85.0, 130.0, 180.0),
            description="Widths in mm: one column, one and a half, the page; name one twice where there are only two.",
        )
    )
    height: Length = Field(
        default=250.0,
        description="How tall a figure may be in mm, above its caption; rows without room are left out, which the figure says.",
    )
    text: Annotated[float, Field(ge=6, le=14, allow_inf_nan=False), AS_NUMBER] = Field(
        default=8.0,
        description="Size of text in pt as printed; labels and ticks are an eighth smaller, so that 6 pt is the least. "
        "Lines and distances grow and shrink with it.",
    )
    font: Literal["Arial", "Helvetica", "Liberation Sans"] = Field(
        default="Arial",
        description="The font that SVG files name first. All three are equally wide; PDF, PNG and TIFF have the bundled "
        "Liberation Sans, Office files Arial.",
    )
    dpi: Dots = Field(default=300, description="Dots per inch of PNG and TIFF files of figures.")
    print_dpi: Dots = Field(default=600, description="Dots per inch of the flow diagram's two files for print.")
    forms: Annotated[tuple[Literal["pdf", "tiff"], ...], NO_REPEATS] = Field(
        default=("pdf", "tiff"),
        description="The forms in which figures are written besides SVG and PNG, which pages and documents are made with.",
    )
    largest: Largest = Field(default=Largest(), description="The largest file of each form; a larger one is an error.")

    @model_validator(mode="after")
    def _can_hold_a_figure(self) -> "Preset":
        """Text that is large for the page leaves no room for anything else."""
        for name, length, least in (("widths", self.widths[-1], WIDEST), ("height", self.height, TALLEST)):
            if length < least * self.scale:
                raise wrong(
                    f"with text of {self.text:g} pt the {'widest of widths' if name == 'widths' else name} has to be at "
                    f"least {least * self.scale:.0f} mm, and is {length:g}; make it larger or text smaller"
                )
        return self

    @property
    def written(self) -> tuple[str, ...]:
        """The forms in which figures are written."""
        return tuple(form for form in FORMS if form in (*ALWAYS, *self.forms))

    @property
    def scale(self) -> float:
        """By how much lengths and sizes of a drawing are larger in print than they are drawn."""
        return self.text / DRAWN_AT

    @property
    def across(self) -> tuple[float, ...]:
        """The widths for a drawing that is then printed `scale` times as large."""
        return tuple(width / self.scale for width in self.widths)

    @property
    def column(self) -> float:
        """Width of a drawing that is printed in one column."""
        return self.across[0]

    @property
    def page(self) -> float:
        """Width of a drawing that is printed across the page."""
        return self.across[-1]

    @property
    def tall(self) -> float:
        """Height of a drawing that is printed as tall as a figure may be."""
        return self.height / self.scale

    @property
    def stack(self) -> str:
        """The fonts that an SVG asks for, best first, as CSS has them."""
        named = dict.fromkeys((self.font, "Arial", "Liberation Sans", "Helvetica"))
        return ", ".join([f"'{font}'" if " " in font else font for font in named] + ["sans-serif"])

    def largest_bytes(self, form: str) -> int:
        """The most bytes that a file of a form may have."""
        return round(float(getattr(self.largest, form)) * 1_000_000)


GENERIC = Preset()
