// Plotly, fetched once for all charts of the page.

import { element } from "./element.js";

/** @typedef {{ x: number[] }} Trace a curve as it is drawn */

/**
 * What has a figure of Plotly's in it, once it is drawn.
 * @typedef {HTMLElement & {
 *     data?: Trace[],
 *     on(event: string, act: (detail: { curveNumber: number }) => boolean): void,
 * }} Plot
 */

/**
 * @typedef {object} Plotly what we need of it
 * @property {(plot: HTMLElement, data: object[], layout: object, config: object) => Promise<void>} react
 * @property {(plot: HTMLElement, data: object, indices: number[]) => Promise<void>} extendTraces
 * @property {(plot: HTMLElement, layout: object) => Promise<void>} relayout
 * @property {(plot: HTMLElement) => void} purge
 */

/** @type {Promise<Plotly> | null} */
let loading = null;

/** @param {string} files where it lies */
export function plotly(files) {
    loading ??= new Promise((resolve, reject) => {
        const script = element("script", { src: `${files}plotly.min.js` });
        script.onload = () => resolve(/** @type {{ Plotly: Plotly }} */ (/** @type {unknown} */ (window)).Plotly);
        script.onerror = () => {
            loading = null;
            reject(new Error("the charts could not be loaded"));
        };
        document.head.append(script);
    });
    return loading;
}
