//! Flame graphs: a picture in which the width of a function is its fuel, with all that it called.

use super::Profile;
use crate::names::harmless;
use std::fmt::Write;

/// How wide the picture is, in pixels.
const WIDTH: f64 = 1_200.0;
const ROW: f64 = 18.0;
const HEAD: f64 = 30.0;
/// What is narrower cannot be seen, so it is left out: the picture is bounded, however large the profile is.
const LEAST_WIDTH: f64 = 0.3;
/// So many calls within calls are drawn.
const MOST_ROWS: usize = 200;
const CHAR_WIDTH: f64 = 6.6;

impl Profile {
    /// An SVG picture under a title: the host's calls at the bottom, what they called above them.
    ///
    /// What is too narrow to be seen is left out, and what is called deeper than 200.
    #[must_use]
    pub fn flame_graph(&self, title: &str) -> String {
        let totals = self.totals();
        let scale = WIDTH / as_float(self.fuel()).max(1.0);
        let mut boxes = Vec::new();
        // Where the next callee of each node begins, and in which row it is; the host comes last.
        let mut next = vec![(0.0, 0); self.nodes.len()];
        let mut host = 0.0;
        for (place, (node, total)) in self.nodes.iter().zip(&totals).enumerate() {
            let width = as_float(*total) * scale;
            let above = node.parent.and_then(|parent| next.get_mut(parent));
            let (start, row) = match above {
                Some((start, row)) => (start, usize::saturating_add(*row, 1)),
                None => (&mut host, 0),
            };
            let left = *start;
            *start += width;
            if let Some(own) = next.get_mut(place) {
                *own = (left, row);
            }
            if width >= LEAST_WIDTH && row < MOST_ROWS {
                boxes.push((left, row, width, self.name(node), *total));
            }
        }
        self.draw(title, &boxes)
    }

    fn draw(&self, title: &str, boxes: &[(f64, usize, f64, &str, u64)]) -> String {
        let rows = boxes
            .iter()
            .map(|(_, row, ..)| row.saturating_add(1))
            .max()
            .unwrap_or(1);
        let height = HEAD + as_float(u64::try_from(rows).unwrap_or(0)) * ROW;
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" \
             font-family=\"monospace\" font-size=\"11\">\n<rect width=\"{WIDTH}\" height=\"{height}\" fill=\"#fff\"/>\n\
             <text x=\"4\" y=\"18\">{}: {} fuel</text>\n",
            Xml(title),
            self.fuel()
        );
        for (left, row, width, name, total) in boxes {
            let above = as_float(u64::try_from(row.saturating_add(1)).unwrap_or(0));
            let top = above.mul_add(-ROW, height);
            let percent = as_float(*total) * 100.0 / as_float(self.fuel()).max(1.0);
            write!(
                svg,
                "<g><title>{}: {total} fuel, {percent:.2} %</title><rect x=\"{left:.2}\" y=\"{top:.1}\" \
                 width=\"{width:.2}\" height=\"{:.1}\" fill=\"{}\" stroke=\"#fff\" stroke-width=\"0.5\"/>",
                Xml(name),
                ROW - 1.0,
                colour(name)
            )
            .expect(TAKES_ALL);
            let shown: String = name.chars().take(chars_in(*width)).collect();
            if !shown.is_empty() {
                let (x, y) = (left + 3.0, top + 12.0);
                write!(
                    svg,
                    "<text x=\"{x:.2}\" y=\"{y:.1}\">{}</text>",
                    Xml(&shown)
                )
                .expect(TAKES_ALL);
            }
            svg.push_str("</g>\n");
        }
        svg.push_str("</svg>\n");
        svg
    }
}

const TAKES_ALL: &str = "a String takes everything";

#[expect(
    clippy::cast_precision_loss,
    reason = "what a picture shows is less exact"
)]
fn as_float(number: u64) -> f64 {
    number as f64
}

/// How many characters fit into a box.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a float that is out of range becomes the nearest number"
)]
fn chars_in(width: f64) -> usize {
    ((width - 6.0) / CHAR_WIDTH) as usize
}

/// A warm colour, the same for a name everywhere.
fn colour(name: &str) -> String {
    let hash = name.bytes().fold(7_u32, |hash, byte| {
        hash.wrapping_mul(31).wrapping_add(byte.into())
    });
    let [a, b, c, _] = hash.to_le_bytes();
    let part =
        |byte: u8, from: u8, most: u8| from.saturating_add(byte.checked_rem(most).unwrap_or(0));
    let (red, green, blue) = (part(a, 205, 50), part(b, 110, 120), part(c, 40, 60));
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// A text within XML.
struct Xml<'a>(&'a str);

impl std::fmt::Display for Xml<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.chars().try_for_each(|c| match c {
            '<' => f.write_str("&lt;"),
            '>' => f.write_str("&gt;"),
            '&' => f.write_str("&amp;"),
            '"' => f.write_str("&quot;"),
            c => f.write_char(harmless(c)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::profile;

    #[test]
    fn callees_stand_side_by_side_on_their_caller() {
        let profile = profile(&[(None, 0, 20, 1), (Some(0), 1, 30, 1), (Some(0), 2, 50, 1)]);
        let svg = profile.flame_graph("a <run>");
        assert!(svg.contains("a &lt;run&gt;: 100 fuel"), "{svg}");
        let boxes: Vec<_> = svg.lines().filter(|line| line.starts_with("<g>")).collect();
        assert_eq!(boxes.len(), 3);
        assert!(
            boxes[0].contains("x=\"0.00\" y=\"48.0\" width=\"1200.00\""),
            "{}",
            boxes[0]
        );
        assert!(
            boxes[1].contains("x=\"0.00\" y=\"30.0\" width=\"360.00\""),
            "{}",
            boxes[1]
        );
        assert!(
            boxes[2].contains("x=\"360.00\" y=\"30.0\" width=\"600.00\""),
            "{}",
            boxes[2]
        );
    }

    #[test]
    fn the_picture_is_bounded() {
        let mut nodes = vec![(None, 0, 1, 1)];
        nodes.extend((0..20_000).map(|parent| (Some(parent), 0, 1, 1)));
        nodes.extend((0..20_000).map(|_| (None, 1, 0, 1)));
        let svg = profile(&nodes).flame_graph("deep");
        assert!(svg.len() < 100_000, "{}", svg.len());
    }
}
