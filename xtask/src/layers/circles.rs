//! Finds cycles in a graph.

use std::collections::BTreeSet;

/// Returns the sets of two or more nodes in which every node leads to every other
/// node.
pub fn find(nodes: usize, arrows: &[(usize, usize)]) -> Vec<Vec<usize>> {
    let reaches: Vec<_> = (0..nodes).map(|node| reached_from(node, arrows)).collect();
    let mut circles: Vec<Vec<usize>> = Vec::new();
    for (node, reached) in reaches.iter().enumerate() {
        // Each cycle is found once, from the first of its nodes.
        if !reached.contains(&node) || circles.iter().flatten().any(|it| *it == node) {
            continue;
        }
        let leads_back = |other: &usize| reaches[*other].contains(&node);
        let circle: Vec<usize> = reached.iter().copied().filter(leads_back).collect();
        if circle.len() > 1 {
            circles.push(circle);
        }
    }
    circles
}

/// Returns the nodes that a node leads to; the node itself only if they lead back
/// to it.
fn reached_from(node: usize, arrows: &[(usize, usize)]) -> BTreeSet<usize> {
    let mut reached = BTreeSet::new();
    let mut open = vec![node];
    while let Some(at) = open.pop() {
        for &(_, to) in arrows.iter().filter(|(from, _)| *from == at) {
            if reached.insert(to) {
                open.push(to);
            }
        }
    }
    reached
}

#[cfg(test)]
mod tests {
    use super::find;

    #[test]
    fn only_what_leads_back_is_a_circle() {
        let arrows = [(0, 1), (1, 2), (2, 0), (2, 3), (3, 4), (4, 5), (5, 4)];
        assert_eq!(find(6, &arrows), [vec![0, 1, 2], vec![4, 5]]);
        assert_eq!(find(3, &[(0, 1), (1, 2), (0, 2)]), Vec::<Vec<usize>>::new());
    }
}
