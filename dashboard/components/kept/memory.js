// What this browser keeps of lessons: the steps at which something was done, by lesson, for all tabs and after a
// restart of either. What a tab tells is joined with what others have kept, step by step: none takes from another.

/** @import { KeptLesson, KeptLessons, LessonData, StepDone } from "../messages.js" */

const KEPT = "actviz-lessons";
const LONGEST = 16_000; // characters of a lesson; the server takes no more

export const memory = {
    /** @returns {KeptLessons | null} */
    read() {
        try {
            const kept = JSON.parse(localStorage.getItem(KEPT) ?? "null");
            return kept && typeof kept.lessons === "object" ? kept : null;
        } catch {
            return null; // written by something else
        }
    },
    /** @param {KeptLessons | null} kept */
    write(kept) {
        try {
            if (kept) localStorage.setItem(KEPT, JSON.stringify(kept));
            else localStorage.removeItem(KEPT);
        } catch (problem) {
            console.info("lessons:", problem); // there is no room, or nothing may be kept
        }
    },
    /** @param {LessonData} data of the lesson that is shown */
    keep(data) {
        const before = memory.read(),
            kept = joined(before, data);
        if (kept !== before) memory.write(kept);
    },
};

/** @param {StepDone} done */
const isBegun = ({ choices, estimate, hints, met }) => choices.length > 0 || estimate !== null || hints > 0 || met;

/**
 * With what a tab tells of its lesson: nothing where nothing was done there, for that is no place to go on from.
 * @param {KeptLessons | null} before
 * @param {Pick<LessonData, "lesson" | "lang" | "step" | "kept">} data
 * @returns {KeptLessons | null}
 */
export function joined(before, { lesson, lang, step, kept }) {
    if (!kept || !Object.values(kept.steps).some(isBegun)) return before;
    const known = before?.lessons[lesson],
        begun = Object.entries(kept.steps).filter(([, done]) => isBegun(done)),
        steps = { ...kept.steps, ...known?.steps, ...Object.fromEntries(begun) },
        lessons = { ...before?.lessons, [lesson]: { lang, step, steps, recipes: kept.recipes } };
    return { token: kept.token, last: lesson, lessons };
}

/**
 * What one can go on with: the lesson looked at last among those that the page has, and something that was not done
 * here.
 * @param {KeptLessons | null} kept
 * @param {Record<string, { steps: string[], begun: string[] }>} lessons those of the page
 */
export function offered(kept, lessons) {
    const names = Object.keys(kept?.lessons ?? {}).filter((name) => Object.hasOwn(lessons, name)),
        missed = names.filter((name) => missing(/** @type {KeptLessons} */ (kept).lessons[name], lessons[name]));
    if (!kept || !missed.length) return null;
    return missed.includes(kept.last) ? kept.last : missed[missed.length - 1];
}

/**
 * @param {KeptLesson} kept
 * @param {{ steps: string[], begun: string[] }} lesson
 */
function missing({ steps }, lesson) {
    return lesson.steps.some((id) => steps[id] && isBegun(steps[id]) && !lesson.begun.includes(id));
}

/**
 * As it is sent: the lesson that one goes on with at the end.
 * @param {KeptLessons} kept
 * @param {string} last
 */
export function sent(kept, last) {
    const names = Object.keys(kept.lessons).filter((name) => name !== last);
    return [...names, last].map((lesson) => {
        const { lang, step, steps, recipes } = kept.lessons[lesson],
            whole = JSON.stringify({ steps, recipes });
        const text = whole.length <= LONGEST ? whole : JSON.stringify({ steps, recipes: [] });
        return { lesson, lang, step, kept: text };
    });
}
