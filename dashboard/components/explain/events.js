// What is asked of the page.

/** @import { ExplainEvent } from "../messages.js" */

/**
 * What an event takes the place of: another frame, another layer of the same map, another class.
 * @param {ExplainEvent} event
 */
export function kindOf(event) {
    const kind = event.kind === "against" ? "explain_class" : event.kind;
    return "key" in event ? ofMap(kind, event.key) : kind;
}

/**
 * @param {string} kind
 * @param {string} key of a map
 */
export const ofMap = (kind, key) => `${kind},${key}`;
