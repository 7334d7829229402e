// The lesson: what stands beside the picture of a step, and the way to the next one.

/** @import { Call, LessonData, LessonEvent, LessonNews } from "../messages.js" */

import { memory } from "../kept/memory.js";
import { bars } from "../parts/answers.js";
import { element, show } from "../parts/element.js";
import { Mounts } from "../parts/mounts.js";
import { Queue } from "../parts/queue.js";
import { revealed } from "../parts/revealed.js";
import { uncover } from "../parts/sidebar.js";
import { Hints } from "./hints.js";
import { inline } from "./inline.js";
import { Progress } from "./progress.js";
import { Question } from "./question.js";
import { Steps } from "./steps.js";
import { Tasks } from "./tasks.js";

/** @type {Mounts<Lesson>} */
const lessons = new Mounts();

/** @param {Call<LessonData>} call */
export function mount({ parentElement, data, setTriggerValue }) {
    const lesson = lessons.at(parentElement) ?? lessons.put(parentElement, new Lesson(parentElement, data));
    lesson.queue.send = (event) => setTriggerValue("event", event);
    lesson.show(data);
}

/** @param {HTMLElement} parentElement */
export function unmount(parentElement) {
    lessons.remove(parentElement);
}

class Lesson {
    /** @type {Queue<LessonEvent>} */
    queue = new Queue();
    /** @type {LessonNews | null} of the step that is shown */
    news = null;
    place = "";

    /**
     * @param {HTMLElement} parent
     * @param {LessonData} data
     */
    constructor(parent, data) {
        this.data = data;
        this.lookFor = element("p", { className: "al-look" });
        this.question = new Question({
            answer: (index) => this.#tell({ kind: "answer", index }),
            estimate: (value) => this.#tell({ kind: "estimate", value }),
        });
        this.answers = element("div", { role: "status" });
        this.reveal = () => this.#reveal();
        revealed.listeners.add(this.reveal);
        this.tasks = new Tasks();
        this.hints = new Hints(() => this.#tell({ kind: "hint" }));
        this.steps = new Steps((step) => this.#tell({ kind: "go", step }));
        this.spoken = element("p", { className: "al-word", role: "status", "data-testid": "spoken" });
        this.lost = element("p", { className: "al-note", role: "status", hidden: true });
        this.progress = new Progress({
            receive: (news) => this.#receive(news),
            connected: (there) => (this.lost.hidden = there),
            unknown: () => this.#tell({ kind: "reopen" }),
        });
        const asked = [this.lookFor, this.question.node, this.answers, this.tasks.node, this.hints.node];
        const properties = { className: "al-lesson", tabIndex: -1, "data-testid": "lesson" };
        this.root = element("section", properties, ...asked, this.lost, this.spoken, this.steps.node);
        parent.append(this.root);
        uncover(this.root);
    }

    /** @param {LessonData} data */
    show(data) {
        const place = `${data.lesson} ${data.step}`,
            moved = place !== this.place,
            first = !this.place;
        this.data = data;
        this.place = place;
        this.root.lang = data.lang;
        this.root.setAttribute("aria-label", data.title);
        if (moved) this.news = null;
        if (moved && !first) this.#begin(data);
        show(this.lost, data.words.lost);
        this.lookFor.hidden = !data.lookFor;
        this.lookFor.replaceChildren(
            element("strong", {}, `${data.words.look_for}${data.words.colon} `),
            ...inline(data.lookFor),
        );
        this.question.draw(data);
        this.reveal();
        this.hints.draw(data);
        this.progress.at(data.door);
        memory.keep(data);
        this.#draw();
        this.queue.answer(data.turn);
    }

    /**
     * Another step is said, and has the focus: what had it is gone, or an answer to a question that nobody has read.
     * @param {LessonData} data
     */
    #begin({ title }) {
        show(this.spoken, title);
        const { activeElement } = document;
        if (activeElement === document.body || this.root.contains(activeElement))
            this.root.focus({ preventScroll: true });
    }

    /** @param {LessonNews} news */
    #receive(news) {
        if (news.step !== this.data.step) return;
        this.news = news;
        this.#draw();
        if (news.met && !this.data.met && !this.queue.holds("met")) this.#tell({ kind: "met" });
    }

    // What the class has answered to this question, where its teacher shows that.
    #reveal() {
        const { lesson, step, question } = this.data,
            answers = revealed.at(lesson, step),
            order = question?.choices.map(({ index }) => index);
        this.answers.hidden = !answers;
        this.answers.replaceChildren(...(answers ? [bars(answers, revealed.words, { order })] : []));
    }

    // What changes while the runs go on.
    #draw() {
        const { data, news } = this,
            { checks = [], hint = false, met: now = false } = news ?? {},
            met = data.met || now;
        this.tasks.draw(checks, met, now, data.words);
        this.hints.offer(hint);
        if (news) this.question.hear(news);
        this.steps.draw(data, Boolean(data.steps.find(({ id }) => id === data.step)?.done));
        Object.assign(this.root.dataset, { step: data.step, met: String(met), covered: String(data.covered) });
    }

    /** @param {import("../messages.js").LessonWish} wish */
    #tell(wish) {
        this.queue.put({ ...wish, at: [this.data.lesson, this.data.step] });
    }

    close() {
        revealed.listeners.delete(this.reveal);
        this.progress.close();
        this.steps.close();
        this.queue.close();
        this.root.remove();
    }
}
