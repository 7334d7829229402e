"""A learner who plays lessons on the page: what to do at a step is read from the lesson's own answers and solution."""

from playwright.sync_api import Locator, Page, expect

from actviz_core import Lesson, Solution, Step, Work

MOST_PRESSES = 150
BOX = (0.375, 0.375, 0.25, 0.25)  # where the box of the keyboard begins, as shares of the sides
STRIDE = 4 / 224  # what one arrow key moves it by


class Learner:
    """At a page, in a lesson: `words` are the page's own in its language."""

    def __init__(self, page: Page, lesson: Lesson, words: dict[str, str]):
        self.page, self.lesson, self.words = page, lesson, words
        self.masks = 0

    @property
    def root(self) -> Locator:
        return self.page.get_by_test_id("lesson")

    def arrive(self, step: Step) -> None:
        """Until the step is shown, with its words and its picture, or what covers it."""
        page = self.page
        expect(self.root).to_have_attribute("data-step", step.id)
        expect(page.get_by_role("heading", name=step.title, exact=True)).to_be_visible()
        page.locator("[data-test-script-state=notRunning]").wait_for(
            state="attached"
        )  # nothing is left of the last step
        if step.look_for:
            expect(self.root.locator(".al-look")).to_contain_text(self.words["look_for"])
        if step.predict and self.root.get_attribute("data-covered") == "true":
            self.see_that_it_is_covered(step)
        elif step.image:
            expect(page.get_by_test_id("panel").first).to_be_visible()
        else:
            expect(page.get_by_test_id(f"picture-{len(step.runs) - 1}")).to_be_visible()

    def see_that_it_is_covered(self, step: Step) -> None:
        if step.image:
            expect(self.page.get_by_text(self.words["covered_maps"])).to_be_visible()
            expect(self.page.get_by_test_id("panel")).to_have_count(0)
        else:
            expect(self.page.get_by_test_id("cover")).to_be_visible()
            expect(self.page.get_by_test_id("picture-0")).to_be_hidden()
        expect(self.page.get_by_test_id("tasks")).to_be_hidden()

    def play(self, step: Step) -> None:
        """Answers first wrongly, then rightly; asks for a hint; does what the solution says, until the step is done."""
        self.answer(step)
        self.arrive(step)  # uncovered by now
        self.follow(step)
        done = self.page.get_by_test_id(f"dot-{step.id}")
        expect(done).to_have_attribute("data-done", "true")

    # the question

    def answer(self, step: Step) -> None:
        question, page = step.question, self.page
        if question is None:
            return
        if question.estimate:
            assert step.solution and step.solution.estimate is not None
            page.get_by_test_id("estimate").fill(f"{step.solution.estimate:g}")
            page.get_by_test_id("send").click()
            said = f"{step.solution.estimate:g}".replace(".", self.words["decimal"])
            expect(page.get_by_test_id("result")).to_contain_text(self.words["expected"].split("{")[0] + said)
            return
        right = [choice.right for choice in question.choices]
        wrong, taken = right.index(False) if False in right else None, right.index(True)
        if wrong is not None:
            self.choose(wrong, "al-wrong", question.choices[wrong].feedback)
            if step.hints and step.after.tries <= 1:
                self.take_a_hint(step)
        self.choose(taken, "al-right", question.choices[taken].feedback)

    def choose(self, index: int, verdict: str, feedback: str) -> None:
        self.page.locator(f"[data-testid=choice-{index}][aria-disabled=false]").click()
        expect(self.page.locator(f"[data-testid=choice-{index}].{verdict}")).to_be_visible()
        said = self.page.get_by_test_id(f"feedback-{index}")
        expect(said).to_contain_text(plain(feedback)[:40])

    def take_a_hint(self, step: Step) -> None:
        self.page.get_by_test_id("hint").click()
        expect(self.root.locator(".al-hint").first).to_contain_text(plain(step.hints[0])[:40])

    # the controls

    def follow(self, step: Step) -> None:
        solution = step.solution or Solution({}, {})
        for name, value in solution.changes.items():
            if name == "tries":
                self.try_often(step, value)
            elif name in ("layer", "class", "preset", "method"):
                self.select(step, name, str(value))
            elif name == "channel" and "gained" in step.panels:
                self.pick(value)
            else:
                self.type(step, name, value)
        for address, value in solution.settings.items():
            self.slide(step, address, value)
        for rectangle in solution.mask:
            self.mask(rectangle)

    def control(self, step: Step, name: str) -> Locator:
        name = f"control-{self.lesson.name}-{step.id}-{name}".replace(".", "-")
        return self.page.locator(f"[class*='st-key-{name}']").last

    def type(self, step: Step, name: str, value: int) -> None:
        field = self.control(step, name).locator("input[type=number]")
        field.fill(str(value))
        field.press("Enter")
        expect(self.control(step, name).locator("input[type=number]")).to_have_value(str(value))

    def pick(self, channel: int) -> None:
        """Among the channels that gained most."""
        row = self.page.get_by_test_id(f"gained-{channel}")
        expect(row).to_have_attribute("aria-pressed", "false")
        row.press("Enter")
        expect(row).to_have_attribute("aria-pressed", "true")
        expect(row).to_be_focused()
        expect(self.page.get_by_role("spinbutton").last).to_have_value(str(channel))  # the old one may still go

    def try_often(self, step: Step, times: int) -> None:
        """Begins the step's runs so many times, by other numbers of its first control."""
        name = next(name for name in step.show if name in ("channel", "seed"))
        check = next(check for check in step.checks if check.measure.name == "tries")
        for value in range(times - 1):
            self.type(step, name, value)
            counted = check.judge(Work(tries=value + 2), step.lang)  # two numbers typed at once begin one run
            expect(self.page.get_by_test_id("tasks")).to_contain_text(counted.said)

    def select(self, step: Step, name: str, value: str) -> None:
        field = self.control(step, name).get_by_role("combobox")
        field.click()
        field.fill(value)
        self.page.get_by_role("option", name=value, exact=True).click()
        expect(self.control(step, name).get_by_role("combobox")).to_have_value(value)

    def slide(self, step: Step, address: str, value: float) -> None:
        """By the arrow keys."""
        slider = self.control(step, address).locator("input[type=range]")
        slider.focus()
        for _ in range(MOST_PRESSES):
            now = float((slider.get_attribute("aria-valuetext") or "nan").replace(",", "."))
            if abs(now - value) < 1e-6:
                return
            slider.press("ArrowRight" if now < value else "ArrowLeft")
        raise AssertionError(f"{address} cannot be set to {value}")

    def mask(self, rectangle: tuple[float, float, float, float]) -> None:
        """By the keyboard and by the pointer, in turns."""
        drawing = self.page.get_by_test_id("drawing")
        expect(drawing).to_be_visible()
        (self.mask_by_keys if self.masks % 2 else self.mask_by_pointer)(drawing, rectangle)
        self.masks += 1

    def mask_by_keys(self, drawing: Locator, rectangle: tuple[float, float, float, float]) -> None:
        down, right, taller, wider = (round((asked - now) / STRIDE) for asked, now in zip(rectangle, BOX, strict=True))
        drawing.focus()
        press(drawing, "ArrowDown", "ArrowUp", down)
        press(drawing, "ArrowRight", "ArrowLeft", right)
        press(drawing, "Shift+ArrowDown", "Shift+ArrowUp", taller)
        press(drawing, "Shift+ArrowRight", "Shift+ArrowLeft", wider)
        drawing.press("Enter")

    def mask_by_pointer(self, drawing: Locator, rectangle: tuple[float, float, float, float]) -> None:
        self.page.get_by_test_id("shape").select_option("box")
        drawing.scroll_into_view_if_needed()
        box, mouse = drawing.bounding_box(), self.page.mouse
        assert box
        top, left, height, width = rectangle
        mouse.move(box["x"] + left * box["width"] + 1, box["y"] + top * box["height"] + 1)
        mouse.down()
        mouse.move(box["x"] + (left + width) * box["width"] - 1, box["y"] + (top + height) * box["height"] - 1, steps=4)
        mouse.up()


def press(where: Locator, further: str, back: str, times: int) -> None:
    for _ in range(abs(times)):
        where.press(further if times > 0 else back)


def plain(text: str) -> str:
    """The words up to the first that is set off."""
    return text.partition("*")[0].partition("[")[0].partition("`")[0].strip()
