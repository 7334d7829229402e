"""The texts of a section of a lesson's file, told apart and looked at."""

from dataclasses import dataclass, field

from .fields import EstimateFields, Given, StepFields, read_fields
from .lesson import Choice, Estimate, Question
from .markdown import Block, Section, keyword
from .places import Places
from .problems import Findings
from .reader import Reader
from .texts import MOST_ANSWERED, MOST_ASKED, MOST_TOLD, MOST_WORDS, check_length, check_size


@dataclass
class Parts:
    """The texts of a section, told apart."""

    paragraphs: list[Block] = field(default_factory=list[Block])
    look_for: str = ""
    question: Block | None = None
    answers: list[Block] = field(default_factory=list[Block])
    hints: list[str] = field(default_factory=list[str])
    teacher: list[str] = field(default_factory=list[str])

    @property
    def text(self) -> str:
        """What is read before the question; fences as they were."""
        return "\n\n".join(fenced(block) if block.kind == "fence" else block.text for block in self.paragraphs)


def fenced(block: Block) -> str:
    """A fence of code, as Markdown."""
    return "\n".join((f"{block.marks}{block.word}", *block.lines, block.marks))


def about_of(section: Section, reader: Reader) -> str:
    """The sentences before the first step."""
    for block in section.blocks:
        if block.kind != "paragraph":
            reader.findings.add(
                block.line,
                f"There is a {block.kind} before the first step.",
                "Say in a sentence or two what the lesson is about.",
            )
    text = "\n\n".join(reader.text(block.text, block.line) for block in section.blocks if block.kind == "paragraph")
    if not text:
        reader.findings.add(
            section.line,
            "The lesson does not say what it is about.",
            "Say it in a sentence or two above the first step.",
        )
    check_length(text, MOST_TOLD, "sentence about the lesson", section.line, reader.findings)
    return text


def fields_of(section: Section, findings: Findings) -> Given:
    """The fields of the block that stands first."""
    first = section.blocks[0] if section.blocks else None
    if first is None or first.kind != "fence" or first.word != "step":
        findings.add(
            section.line,
            f"The step {section.title!r} has no block of fields.",
            "Write a fence ```step directly below its heading.",
        )
        return Given(StepFields(), {}, Places(section.line), readable=False)
    return read_fields(StepFields, first.text, first.line + 1, findings)


def parts_of(section: Section, estimated: bool, reader: Reader) -> Parts:
    """The texts of a section, each looked at."""
    parts, findings = Parts(), reader.findings
    for block in section.blocks[1:]:
        word, text = keyword(block.text)
        check_size(block.text, block.kind, block.line, findings)
        match block.kind:
            case "answer":
                parts.answers.append(block)
            case "quote" if word in ("hint", "teacher"):
                (parts.hints if word == "hint" else parts.teacher).append(reader.text(text, block.line))
                if word == "hint":
                    check_length(text, MOST_TOLD, "hint", block.line, findings)
            case "quote":
                findings.add(
                    block.line,
                    "A quote begins with neither hint: nor teacher:.",
                    "Begin it so, or indent it below an answer.",
                )
            case "fence" if block.word == "step":
                findings.add(block.line, "The step has a second block of fields.", "Put all fields into the first one.")
            case _ if parts.answers:
                findings.add(
                    block.line, "There is text below the answers.", "Put it before the question, or into a hint."
                )
            case _ if word == "look_for" and parts.look_for:
                findings.add(block.line, "The step says twice what to look for.", "Say it once.")
            case _ if word == "look_for":
                parts.look_for = reader.text(text, block.line)
            case _:
                parts.paragraphs.append(block)
    if parts.paragraphs and parts.paragraphs[-1].kind == "paragraph" and (parts.answers or estimated):
        parts.question = parts.paragraphs.pop()
    for block in parts.paragraphs:
        if block.kind == "paragraph":
            reader.text(block.text, block.line)
    read = " ".join((*(block.text for block in parts.paragraphs if block.kind == "paragraph"), parts.look_for))
    check_length(read, MOST_WORDS, "step", section.line, findings)
    return parts


def question_of(parts: Parts, estimate: EstimateFields | None, reader: Reader) -> Question | None:
    """The question with its choices or its estimate."""
    if not parts.answers and not estimate:
        return None
    choices = tuple(choice_of(block, reader) for block in parts.answers)
    text = reader.text(parts.question.text, parts.question.line) if parts.question else ""
    if parts.question:
        check_length(text, MOST_ASKED, "question", parts.question.line, reader.findings)
    asked = Estimate(estimate.of, estimate.low, estimate.high, estimate.within) if estimate else None
    return Question(text, choices, asked)


def choice_of(block: Block, reader: Reader) -> Choice:
    """An answer with its feedback."""
    feedback = "\n".join(block.feedback).strip()
    check_length(block.text, MOST_ANSWERED, "answer", block.line, reader.findings)
    check_length(feedback, MOST_TOLD, "feedback", block.feedback_line, reader.findings)
    if not feedback:
        reader.findings.add(
            block.line,
            "The answer has no feedback.",
            "Write it as an indented quote below; for a wrong one, name the belief behind it.",
        )
    return Choice(reader.text(block.text, block.line), block.right, reader.text(feedback, block.feedback_line))
