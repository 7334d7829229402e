// The teacher's page: how to join, what she can do, and the wall. Her link's token is swapped for a cookie first.

/** @import { Call, ClassroomData, WallHeader } from "../messages.js" */

import { bars } from "../parts/answers.js";
import { element, show } from "../parts/element.js";
import { Mounts } from "../parts/mounts.js";
import { speaker } from "../parts/speaker.js";
import { Desk } from "./desk.js";
import { Invitation } from "./invitation.js";
import { quizzes } from "./quiz.js";
import { NO_TEACHER, Screen } from "./screen.js";
import { Tiles } from "./tiles.js";
import { ANSWERS, standing, TOO_MANY, wait, waiting } from "./words.js";

class Classroom {
    /** @type {Screen | null} */
    screen = null;
    /** @type {{ lang: string, refusal: string }} what whoever is not the teacher reads */
    words = { lang: "en", refusal: "" };
    refused = false;
    members = 0;

    /** @param {HTMLElement} parent */
    constructor(parent) {
        this.told = element("p", { className: "ac-told", role: "alert", hidden: true, "data-testid": "class-told" });
        this.standing = element("p", { className: "ac-note", "data-testid": "standing" });
        this.answers = element("div", {});
        this.quiz = element("div", { className: "ac-quiz" });
        this.invitation = new Invitation();
        this.desk = new Desk((asked) => this.screen?.do(asked));
        this.tiles = new Tiles((id) => this.screen?.do({ show: id === this.desk.state?.shown ? "" : id }));
        const left = element("div", { className: "ac-left" }, this.invitation.root, this.standing),
            top = element("div", { className: "ac-top" }, left, this.desk.root);
        this.inside = element("div", { hidden: true }, top, this.answers, this.quiz, this.tiles.root);
        this.root = element("div", { className: "ac-class", "data-testid": "class" }, this.told, this.inside);
        parent.append(this.root);
    }

    /** @param {ClassroomData} data */
    async open(data) {
        this.desk.offer(data);
        this.words = data;
        if (this.refused) this.#refuse(); // it may be in another language than before
        if (this.screen) return;
        const token = decodeURIComponent(location.hash.slice(1));
        if (token) return this.#enter(data.door, token);
        this.screen = new Screen(data.wall, {
            receive: (header, pictures) => this.#receive(header, pictures),
            complain: (problem) => this.#tell(problem),
            changed: (connected) => this.#tell(connected ? "" : "The server cannot be reached. Trying again …"),
            refused: (code) => (code === NO_TEACHER ? this.#refuse() : this.#tell(TOO_MANY)),
        });
    }

    /**
     * The page is opened anew without the token: nothing of it stays in the address or in the browser's history.
     * @param {string} door
     * @param {string} token
     */
    async #enter(door, token) {
        const headers = { "Content-Type": "application/json" },
            answer = await fetch(door, { method: "POST", headers, body: JSON.stringify({ token }) });
        if (answer.status === 429) return this.#tell(wait((await answer.json()).wait));
        if (!answer.ok) return this.#refuse();
        history.replaceState(history.state, "", location.pathname);
        location.reload();
    }

    /**
     * @param {WallHeader} header
     * @param {Blob[]} pictures
     */
    #receive({ class: state, tiles, gone }, pictures) {
        const { revealed } = state;
        this.inside.hidden = false;
        this.invitation.update(state.address, state.code, state.qr);
        this.desk.update(state);
        show(this.standing, [standing(state), waiting(state)].filter(Boolean).join(" · "));
        this.#say(state.members);
        this.answers.replaceChildren(...(revealed ? [bars(revealed, ANSWERS, { question: revealed.question })] : []));
        this.quiz.replaceChildren(...quizzes(state.quiz));
        this.tiles.update(tiles, gone, pictures, state.shown);
    }

    /**
     * That nobody is left is said at once: what was said before is no longer true.
     * @param {number} members
     */
    #say(members) {
        const words = `${this.standing.textContent}.`;
        if (this.members && !members) speaker.event(words, this);
        else speaker.state(words, this);
        this.members = members;
    }

    #refuse() {
        this.refused = true;
        this.told.lang = this.words.lang;
        this.#tell(this.words.refusal);
    }

    /** @param {string} problem */
    #tell(problem) {
        show(this.told, problem);
        this.told.hidden = !problem;
    }

    close() {
        speaker.leave(this);
        this.screen?.close();
        this.tiles.close();
        this.root.remove();
    }
}

/** @type {Mounts<Classroom>} */
const mounts = new Mounts();

/** @param {Call<ClassroomData>} call */
export function mount({ parentElement, data }) {
    const classroom = mounts.at(parentElement) ?? mounts.put(parentElement, new Classroom(parentElement));
    classroom.open(data);
}

/** @param {HTMLElement} parent */
export function unmount(parent) {
    mounts.remove(parent);
}
