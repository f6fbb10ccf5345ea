"""Advice: every flag that a sentence of the program or a page of the docs names exists."""

import functools
import pathlib
import re
import shlex
import unittest

from program import main, run

ROOT = pathlib.Path(__file__).parents[2]
FLAG = re.compile(r"(?<![\w-])--[a-z][a-z0-9-]*")


@functools.cache
def help_of(*command):
    return run(*command, "--help")


def subcommands(*command):
    listed = help_of(*command).partition("Subcommands:\n")[2]
    return re.findall(r"^  ([a-z0-9]+) ", listed, re.MULTILINE)


@functools.cache
def flags_of(*command):
    return set(FLAG.findall(help_of(*command).partition("Options:\n")[2])) | {"--help", "--version"}


def all_commands():
    for name in subcommands():
        yield (name,)
        for more in subcommands(name):
            yield (name, more)
    for line in run("list", "tables").splitlines():
        if table := re.match(r"([a-z][a-z0-9-]+)  ", line):
            yield ("table", table[1])


def command_lines(text):
    """The commands of this program in the code of a page, continued lines joined."""
    for block in re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL) + re.findall(r"`([^`\n]+)`", text):
        for line in re.sub(r"\\\n\s*", " ", block).splitlines():
            if command := re.match(r"\s*\$?\s*(?:build/\w+/)?noether ([^|;#&<>]*)", line):
                yield command[1].strip()


def unknown_flags(line):
    """The flags of a command line that its command does not have."""
    words = shlex.split(line.replace("'", ""))
    command = words[:1]
    if not command or command[0] not in subcommands():
        return set(FLAG.findall(line))
    if len(words) > 1 and (words[1] in subcommands(*command) or command == ["table"] and not words[1].startswith("-")):
        command = words[:2]
    return {flag for word in words for flag in FLAG.findall(word.partition("=")[0])} - flags_of(*command)


class Advice(unittest.TestCase):
    def test_a_flag_that_does_not_exist_is_noticed(self):
        self.assertEqual(unknown_flags("generate pendulum --n 3 --number 4"), {"--number"})
        self.assertEqual(unknown_flags("import csv a.csv --angle q -o b.h5"), {"--angle"})

    def test_commands_on_the_pages_have_the_flags_that_they_are_given(self):
        pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
        lines = {(page.name, line) for page in pages for line in command_lines(page.read_text())}
        self.assertGreater(len(lines), 100)
        for page, line in sorted(lines):
            with self.subTest(page, command=line):
                self.assertEqual(unknown_flags(line), set())

    def test_sentences_of_the_program_name_flags_that_some_command_has(self):
        known = set().union(*(flags_of(*command) for command in all_commands()))
        self.assertGreater(len(known), 50)
        for folder in ("base", "dataset", "learn", "bench", "cli", "render", "sim"):
            for source in (ROOT / folder).rglob("*.cpp"):
                code = re.sub(r"//.*", "", source.read_text())
                for text in re.findall(r'R"\((?:.*?)\)"|"(?:[^"\\\n]|\\.)*"', code, re.DOTALL):
                    with self.subTest(source=str(source.relative_to(ROOT)), text=text[:80]):
                        self.assertEqual(set(FLAG.findall(text)) - known, set())


if __name__ == "__main__":
    main()
