// The quiz: asks the server where one is, shows that, and sends answers.

/** @import { Call, QuizAnswered, QuizData, QuizNews } from "../messages.js" */

import { element } from "../parts/element.js";
import { filled } from "../parts/filled.js";
import { Mounts } from "../parts/mounts.js";
import { results } from "./results.js";
import { Trial } from "./trial.js";
import { standing } from "./words.js";

const OFTEN = 700,
    SELDOM = 3000,
    PATIENCE = 20_000; // ms
const BUSY = ["making", "trial"]; // while something is being made

/** @type {Mounts<Quiz>} */
const mounted = new Mounts();

/** @param {Call<QuizData>} call */
export function mount({ parentElement, data }) {
    const known = mounted.at(parentElement);
    if (known && known.data.lang === data.lang && known.data.door === data.door) return;
    known?.close();
    mounted.put(parentElement, new Quiz(parentElement, data));
}

/** @param {HTMLElement} parentElement */
export function unmount(parentElement) {
    mounted.remove(parentElement);
}

class Quiz {
    closed = false;
    /** what was said to a practice trial is still read, so what comes next waits */
    reading = false;
    sending = false;
    /** answers that were sent: what was asked before one of them is out of date */
    sent = 0;
    shown = "";
    /** @type {QuizNews | null} */
    news = null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    timer = undefined;

    /**
     * @param {HTMLElement} parent
     * @param {QuizData} data
     */
    constructor(parent, data) {
        this.data = data;
        this.lost = element("p", { className: "aq-note", role: "alert", hidden: true }, data.words.lost);
        this.told = element("div", { className: "aq-told" });
        this.trial = new Trial(data.door, data.words, {
            answer: (answer) => this.#answer(answer),
            next: () => this.#go_on(),
        });
        this.root = element(
            "section",
            { className: "aq-quiz", lang: data.lang, "aria-label": data.words.title, "data-testid": "quiz" },
            ...[this.lost, this.told, this.trial.node],
        );
        this.trial.node.hidden = true;
        parent.append(this.root);
        this.#ask();
    }

    async #ask() {
        clearTimeout(this.timer);
        if (this.closed) return;
        if (!document.hidden && !this.sending) {
            const { sent } = this,
                news = await this.#fetched("");
            if (news && sent === this.sent) this.#receive(/** @type {QuizNews} */ (news));
        }
        if (this.closed) return;
        const status = this.news?.status ?? "making",
            busy = BUSY.includes(status) && !(this.news?.status === "trial" && !this.news.missing);
        this.timer = setTimeout(() => this.#ask(), busy ? OFTEN : SELDOM);
    }

    /**
     * What the server answers; null where it does not, or refuses.
     * @param {string} what
     * @param {object} [asked]
     * @returns {Promise<object | null>}
     */
    async #fetched(what, asked) {
        const { door } = this.data,
            signal = AbortSignal.timeout(PATIENCE);
        try {
            const answer = asked
                ? await fetch(`${door}/${what}`, { method: "POST", body: JSON.stringify(asked), signal })
                : await fetch(door, { signal });
            if (this.closed) return null;
            this.lost.hidden = answer.status !== 404;
            return answer.ok ? await answer.json() : null;
        } catch (problem) {
            console.info("quiz:", problem);
            this.lost.hidden = false;
            return null;
        }
    }

    /** @param {QuizNews} news */
    #receive(news) {
        this.news = news;
        if (this.reading) return;
        this.trial.node.hidden = news.status !== "trial";
        this.told.hidden = news.status === "trial";
        this.root.dataset.status = news.status;
        if (news.status === "trial") this.trial.draw(news);
        else this.#tell(news);
    }

    /** @param {Exclude<QuizNews, { status: "trial" }>} news */
    #tell(news) {
        const { words, lang } = this.data,
            shown = JSON.stringify([news, lang]);
        if (shown === this.shown) return;
        const turned = this.shown !== "" && (news.status === "end") !== this.shown.includes('"status":"end"');
        this.shown = shown;
        if (news.status === "end") this.told.replaceChildren(...results(news, words, () => this.#anew(false)));
        else if (news.status === "ready") this.told.replaceChildren(...this.#intro(news));
        else this.told.replaceChildren(...this.#trouble(news));
        if (turned) /** @type {HTMLElement | null} */ (this.told.querySelector(".aq-title"))?.focus();
    }

    /** @param {Extract<QuizNews, { status: "ready" }>} news */
    #intro({ network, images, count, cut, forms }) {
        const { words } = this.data,
            sentences = [
                filled(words.intro, { network }),
                filled(cut ? words.intro_samples : words.intro_images, { count, images, cut }),
                words.intro_fair,
                words.intro_honest,
            ];
        const buttons = forms.map(([form, of, minutes], place) => {
            const text = filled(words[form], { of, minutes }),
                className = `aq-button${place ? "" : " aq-primary"}`,
                button = element("button", { type: "button", className, "data-testid": `quiz-${form}` }, text);
            button.addEventListener("click", () => this.#send("begin", { form }));
            return button;
        });
        return [
            element("h3", { className: "aq-title", tabIndex: -1 }, words.title),
            ...sentences.map((sentence) => element("p", {}, sentence)),
            element("div", { className: "aq-buttons" }, ...buttons),
        ];
    }

    /** @param {Exclude<QuizNews, { status: "trial" } | { status: "end" } | { status: "ready" }>} news */
    #trouble(news) {
        const { words } = this.data,
            title = element("h3", { className: "aq-title" }, words.title),
            sentence = element("p", { role: "status", "data-testid": "quiz-told" }, standing(news, words));
        if (news.status === "making")
            return [
                title,
                sentence,
                element("progress", { max: 1, value: news.fraction, "aria-label": words.starting }),
            ];
        if (news.status !== "changed" && news.status !== "gone") return [title, sentence];
        const anew = element(
                "button",
                { type: "button", className: "aq-button", "data-testid": "quiz-anew" },
                words.anew,
            ),
            reload = element("button", { type: "button", className: "aq-button" }, words.reload);
        anew.addEventListener("click", () => this.#anew(news.status === "gone"));
        reload.addEventListener("click", () => location.reload());
        return [
            title,
            sentence,
            element("div", { className: "aq-buttons" }, anew, ...(news.status === "gone" ? [reload] : [])),
        ];
    }

    /** @param {boolean} reload another network is to be loaded */
    async #anew(reload) {
        await this.#send("anew", {});
        if (reload) location.reload();
    }

    /** @param {number} answer */
    async #answer(answer) {
        if (this.news?.status !== "trial" || this.reading) return;
        this.trial.answers.open = false;
        await this.#send("answer", { number: this.news.number, answer });
    }

    /**
     * @param {string} what
     * @param {object} asked
     */
    async #send(what, asked) {
        if (this.sending) return;
        this.sending = true;
        this.sent += 1;
        const answered = await this.#fetched(what, asked);
        this.sending = false;
        if (answered && what === "answer") this.#hear(/** @type {QuizAnswered} */ (answered));
        else if (answered && what === "begin") this.#receive(/** @type {QuizNews} */ (answered));
        else {
            this.trial.drawn = ""; // whatever the server says now is drawn anew
            await this.#ask();
        }
    }

    /** @param {QuizAnswered} answered */
    #hear({ feedback, now }) {
        if (feedback) {
            this.reading = true;
            this.trial.tell(feedback);
        }
        this.#receive(now);
    }

    #go_on() {
        this.reading = false;
        if (this.news) this.#receive(this.news);
    }

    close() {
        this.closed = true;
        clearTimeout(this.timer);
        this.trial.close();
        this.root.remove();
    }
}
