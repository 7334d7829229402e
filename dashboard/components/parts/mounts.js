// What stands where on the page: Streamlit calls a component anew after every run of the page's script, and it keeps
// what has not changed.

/** @template {{ close(): void }} Component */
export class Mounts {
    /** @type {WeakMap<HTMLElement, Component>} */
    #components = new WeakMap();

    /** @param {HTMLElement} parent */
    at(parent) {
        return this.#components.get(parent);
    }

    /**
     * @param {HTMLElement} parent
     * @param {Component} component
     */
    put(parent, component) {
        this.#components.set(parent, component);
        return component;
    }

    /** @param {HTMLElement} parent */
    remove(parent) {
        this.at(parent)?.close();
        this.#components.delete(parent);
    }
}
