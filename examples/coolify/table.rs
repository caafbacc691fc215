//! Tables: aligned on a terminal, with tabs elsewhere.

use unicode_width::UnicodeWidthStr as _;

use crate::output::{Colour, Output, plain};

/// A table with one line for each row.
pub struct Table {
    headings: Vec<&'static str>,
    rows: Vec<Vec<Cell>>,
}

pub struct Cell {
    text: String,
    colour: Colour,
}

impl Cell {
    pub fn coloured(text: &impl ToString, colour: Colour) -> Self {
        Self {
            text: plain(&text.to_string()),
            colour,
        }
    }
}

impl<T: ToString> From<T> for Cell {
    fn from(text: T) -> Self {
        Self::coloured(&text, Colour::None)
    }
}

impl Table {
    pub fn new<const N: usize>(headings: [&'static str; N]) -> Self {
        Self {
            headings: headings.to_vec(),
            rows: Vec::new(),
        }
    }

    pub fn row<const N: usize>(&mut self, cells: [Cell; N]) {
        debug_assert_eq!(N, self.headings.len(), "each column has a heading");
        self.rows.push(cells.into());
    }

    /// Returns the lines of the table. Programs that read it get no headings, like those
    /// of `ps` or `docker` with `--quiet`.
    pub fn lines(&self, output: Output) -> Vec<String> {
        if !output.is_terminal() {
            let tabs = |row: &Vec<Cell>| {
                let cells: Vec<_> = row.iter().map(|it| it.text.as_str()).collect();
                cells.join("\t")
            };
            return self.rows.iter().map(tabs).collect();
        }
        let widths: Vec<_> = (0..self.headings.len())
            .map(|column| {
                let cells = self.rows.iter().filter_map(|row| row.get(column));
                let widest = cells.map(|it| it.text.width()).max().unwrap_or(0);
                widest.max(self.headings.get(column).map_or(0, |it| it.width()))
            })
            .collect();
        let aligned = |cells: &mut dyn Iterator<Item = (&str, Colour)>| {
            let mut line = String::new();
            let mut missing = 0;
            for ((text, colour), width) in cells.zip(&widths) {
                if text.is_empty() {
                    missing += width + 2;
                    continue;
                }
                line.extend(std::iter::repeat_n(' ', missing));
                line.push_str(&output.paint(colour, text));
                missing = width + 2 - text.width();
            }
            line
        };
        let mut headings = self.headings.iter().map(|it| (*it, Colour::Bold));
        let headings = aligned(&mut headings);
        let rows = self.rows.iter().map(|row| {
            let mut cells = row.iter().map(|it| (it.text.as_str(), it.colour));
            aligned(&mut cells)
        });
        std::iter::once(headings).chain(rows).collect()
    }
}
