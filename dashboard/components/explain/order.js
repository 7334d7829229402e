// Nodes in an order. What is where it belongs is not put there again: it would lose the keyboard's focus.

/**
 * The parent's children are these nodes from now on.
 * @param {Element} parent
 * @param {Element[]} nodes
 */
export function arrange(parent, nodes) {
    const kept = new Set(nodes);
    for (const child of [...parent.children]) if (!kept.has(child)) child.remove();
    nodes.forEach((node, place) => {
        if (parent.children[place] !== node) parent.insertBefore(node, parent.children[place] ?? null);
    });
}
