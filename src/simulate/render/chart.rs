//! Lines of box characters on a grid: the plot of the terminal.

/// Characters of a line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pen {
    flat: char,
    upright: char,
    /// From the left, then up; and so on, clockwise.
    left_up: char,
    up_right: char,
    left_down: char,
    down_right: char,
}

/// A thin line with round corners.
pub(super) const THIN: Pen = Pen {
    flat: '─',
    upright: '│',
    left_up: '╯',
    up_right: '╭',
    left_down: '╮',
    down_right: '╰',
};

/// A thick line.
pub(super) const THICK: Pen = Pen {
    flat: '━',
    upright: '┃',
    left_up: '┛',
    up_right: '┏',
    left_down: '┓',
    down_right: '┗',
};

/// A grid of characters with the layer that drew each, row 0 at the bottom.
#[derive(Debug)]
pub(super) struct Grid {
    width: usize,
    rows: Vec<Vec<(char, u8)>>,
}

impl Grid {
    pub(super) fn new(width: usize, height: usize) -> Self {
        Self {
            width,
            rows: vec![vec![(' ', 0); width]; height.max(1)],
        }
    }

    fn put(&mut self, column: usize, row: usize, c: char, layer: u8) {
        if let Some(slot) = self.rows.get_mut(row).and_then(|row| row.get_mut(column)) {
            *slot = (c, layer);
        }
    }

    /// Dots, where nothing is drawn yet.
    pub(super) fn dots(&mut self, heights: &[usize], c: char, layer: u8) {
        for (column, &row) in heights.iter().enumerate() {
            if self
                .rows
                .get(row)
                .and_then(|row| row.get(column))
                .is_some_and(|slot| slot.0 == ' ')
            {
                self.put(column, row, c, layer);
            }
        }
    }

    /// A line through the heights, one a column.
    pub(super) fn line(&mut self, heights: &[usize], pen: Pen, layer: u8) {
        let mut before = heights.first().copied().unwrap_or(0);
        for (column, &row) in heights.iter().enumerate().take(self.width) {
            let (enter, leave) = if row > before {
                (pen.left_up, pen.up_right)
            } else if row < before {
                (pen.left_down, pen.down_right)
            } else {
                (pen.flat, pen.flat)
            };
            for between in before.min(row) + 1..before.max(row) {
                self.put(column, between, pen.upright, layer);
            }
            self.put(column, before, enter, layer);
            self.put(column, row, leave, layer);
            before = row;
        }
    }

    /// The rows from top to bottom, as runs of one layer.
    pub(super) fn rows(&self) -> impl Iterator<Item = (usize, Vec<(String, u8)>)> {
        self.rows.iter().enumerate().rev().map(|(index, row)| {
            let mut runs: Vec<(String, u8)> = Vec::new();
            for &(c, layer) in row {
                match runs.last_mut() {
                    Some((text, last)) if *last == layer => text.push(c),
                    _ => runs.push((c.to_string(), layer)),
                }
            }
            (index, runs)
        })
    }
}

/// Bars of eighths, one a column, for values from 0 to `top`.
pub(super) fn bars(values: &[f64], top: f64) -> String {
    const EIGHTHS: [char; 9] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    values
        .iter()
        .map(|value| {
            let eighths = if top > 0.0 {
                (value / top * 8.0).ceil()
            } else {
                0.0
            };
            EIGHTHS
                .get(eighths.clamp(0.0, 8.0) as usize)
                .copied()
                .unwrap_or(' ')
        })
        .collect()
}
