"""The font builder says what is missing."""

from __future__ import annotations

from fontTools.ttLib import TTFont

from reports import fonts
from reports.fonts.__main__ import main


def test_a_missing_package_is_named(tmp_path, capsys):
    assert main([str(tmp_path)]) == 1
    assert "@fontsource/fira-sans" in capsys.readouterr().err


def test_a_missing_folder_argument_is_explained(capsys):
    assert main([]) == 2
    assert "NODE_MODULES" in capsys.readouterr().err


def test_the_built_fonts_are_one_family_with_latin_and_its_extension():
    for weight, style in fonts.STYLES:
        font = TTFont(fonts.file_of(weight, style))
        assert font["name"].getDebugName(16) == fonts.FAMILY
        assert {ord(letter) for letter in "aÄßłğő–„“"} <= set(font.getBestCmap())


def test_the_font_of_pictures_has_neither_letters_nor_a_space_that_would_stand_in_for_those_of_the_text():
    letters = TTFont(fonts.FOLDER / fonts.EMOJI_FILE).getBestCmap()
    assert {ord(picture) for picture in "🏡👩🇩👍🏽🎉"} <= set(letters)
    assert not {ord(letter) for letter in " 0123456789#*©↔"} & set(letters)
