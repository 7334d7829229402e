// What the teacher does, as buttons.

/** @import { ClassroomData, WallClass } from "../messages.js" */

import { element, show } from "../parts/element.js";
import { PLACES, PROMISE, quizButton } from "./words.js";

export class Desk {
    /** @param {(asked: object) => void} act */
    constructor(act) {
        this.act = act;
        this.lesson = element("select", { className: "ac-select", "aria-label": "Lesson", "data-testid": "lesson" });
        this.step = element("select", { className: "ac-select", "aria-label": "Step", "data-testid": "step" });
        this.lesson.addEventListener("change", () => this.#fillSteps());
        const at = { className: "ac-select", "aria-label": "Where to look", "data-testid": "look-at" };
        this.at = element("select", at, ...PLACES.map(([value, text]) => element("option", { value }, text)));
        this.at.addEventListener("change", () => this.#write());
        this.target = element("p", { className: "ac-note" });
        this.pause = button("pause", "", () => act({ pause: !this.state?.paused }));
        this.names = button("hide-names", "", () => act({ hide_names: !this.state?.names_hidden }));
        this.reveal = button("reveal", "", () => act({ reveal: this.state?.revealed ? null : this.place }));
        this.revealQuiz = button("reveal-quiz", "", () => act({ reveal_quiz: !this.state?.quiz_revealed }));
        this.stop = button("stop-showing", "Stop showing", () => act({ show: "" }));
        this.look = button("look", "", () => act({ push: this.#looksUp ? null : { look: this.at.value } }));
        const save = { className: "ac-button", download: "class.png", "data-testid": "save-wall" };
        this.save = element("a", save, "Save the wall");
        /** @type {WallClass | null} */
        this.state = null;
        /** @type {ClassroomData["lessons"]} */
        this.lessons = [];
        this.recipe = "";
        this.root = element("div", { className: "ac-desk" }, ...this.#groups());
    }

    #groups() {
        const push = (/** @type {boolean} */ seeds) => () => this.act({ push: { recipe: this.recipe, seeds } });
        return [
            group(
                "Lessons",
                this.lesson,
                this.step,
                button("push-step", "Open for all", () => this.act({ push: this.place })),
                this.reveal,
            ),
            group(
                "Quiz",
                button("push-quiz", "Open the quiz for all", () => this.act({ push: { quiz: true } })),
                this.revealQuiz,
            ),
            group(
                "Explore's settings",
                this.target,
                button("push-recipe", "Start for all", push(false)),
                button("push-seeds", "Start with a seed for each", push(true)),
            ),
            group("All screens", this.at, this.look, this.stop, this.pause),
            group(
                "The class",
                this.names,
                this.save,
                button("end", "End the class", () => confirm(PROMISE) && this.act({ end: true })),
            ),
        ];
    }

    get place() {
        return { lesson: this.lesson.value, step: this.step.value };
    }

    /** @param {ClassroomData} data */
    offer({ lessons, recipe, target, sheet }) {
        this.recipe = recipe;
        this.save.href = sheet;
        show(this.target, target);
        if (JSON.stringify(lessons) === JSON.stringify(this.lessons)) return;
        this.lessons = lessons;
        this.lesson.replaceChildren(...lessons.map(({ name, title }) => element("option", { value: name }, title)));
        this.#fillSteps();
    }

    #fillSteps() {
        const lesson = this.lessons.find(({ name }) => name === this.lesson.value);
        this.step.replaceChildren(
            ...(lesson?.steps ?? []).map(([id, title]) => element("option", { value: id }, title)),
        );
    }

    /** @param {WallClass} state */
    update(state) {
        this.state = state;
        show(this.pause, state.paused ? "Go on" : "Pause all");
        show(this.names, state.names_hidden ? "Show names" : "Hide names");
        show(this.reveal, state.revealed ? "Hide the answers" : "Show the class's answers");
        show(this.revealQuiz, quizButton(state));
        this.stop.disabled = !state.shown;
        this.#write();
        this.save.hidden = state.members === state.hidden;
    }

    // Whether all look at the teacher's screen, and would go on doing so.
    get #looksUp() {
        const pushed = this.state?.pushed;
        return pushed?.kind === "look" && !pushed.at && !this.at.value;
    }

    #write() {
        show(this.look, this.#looksUp ? "Back to their own" : "Look here");
    }
}

/**
 * @param {string} name
 * @param {string} text
 * @param {() => void} act
 */
function button(name, text, act) {
    const node = element("button", { type: "button", className: "ac-button", "data-testid": name }, text);
    node.addEventListener("click", act);
    return node;
}

/**
 * @param {string} title
 * @param {...Node} children
 */
function group(title, ...children) {
    return element("fieldset", { className: "ac-group" }, element("legend", {}, title), ...children);
}
