//! Plots as SVG, on a scale of powers of ten, readable on light and on dark ground.

use crate::numbers::digits;
use svg::{
    Document,
    node::element::{Circle, Line, Polyline, Rectangle, Style, Text, Title},
};

const WIDTH: f64 = 760.0;
const LEFT: f64 = 190.0;
const RIGHT: f64 = 70.0;
const TOP: f64 = 40.0;
const BOTTOM: f64 = 34.0;
const LINE: f64 = 24.0;

/// Lines of the same colour in each plot: fuelbox first.
const COLOURS: [&str; 10] = [
    "#e5534b", "#4184e4", "#57ab5a", "#ae7c14", "#986ee2", "#1b9aaa", "#e275ad", "#768390",
    "#cc6b2c", "#6bc46d",
];

const STYLE: &str = "text { font: 13px system-ui, sans-serif; fill: #1f2328 } \
    .title { font-weight: 600 } .small { font-size: 11px } \
    .grid { stroke: #8c959f; stroke-opacity: .4 } \
    @media (prefers-color-scheme: dark) { text { fill: #e6edf3 } }";

/// A point with what reaches around it: from, middle, to.
pub struct Range {
    /// Left of it.
    pub label: String,
    /// Which colour.
    pub group: usize,
    /// From, middle, to; all the same draws a bar from the left edge.
    pub values: [f64; 3],
}

/// A line through points.
pub struct Series {
    /// Beside its end.
    pub label: String,
    /// One for each place on the axis, if known.
    pub values: Vec<Option<f64>>,
}

/// Where a value lies between two ends, by powers of ten.
struct Scale {
    least: f64,
    most: f64,
    from: f64,
    to: f64,
}

impl Scale {
    fn new(values: impl Iterator<Item = f64> + Clone, from: f64, to: f64) -> Self {
        let least = values.clone().fold(f64::INFINITY, f64::min);
        let most = values.fold(f64::NEG_INFINITY, f64::max);
        Self {
            least: least.log10().floor(),
            most: most.log10().ceil().max(least.log10().floor() + 1.0),
            from,
            to,
        }
    }

    fn at(&self, value: f64) -> f64 {
        let part = (value.log10() - self.least) / (self.most - self.least);
        self.from + part.clamp(0.0, 1.0) * (self.to - self.from)
    }

    fn decades(&self) -> impl Iterator<Item = f64> + use<> {
        (self.least as i32..=self.most as i32).map(|power| 10_f64.powi(power))
    }
}

/// One line for each value: a bar where it is single, else a stroke with its middle marked.
pub fn ranges(title: &str, ranges: &[Range], shown: fn(f64) -> String) -> String {
    let height = TOP + BOTTOM + LINE * ranges.len() as f64;
    let values = ranges
        .iter()
        .flat_map(|range| range.values)
        .filter(|value| *value > 0.0);
    let scale = Scale::new(values, LEFT, WIDTH - RIGHT);
    let mut plot = begin(title, height);
    for value in scale.decades() {
        let x = scale.at(value);
        plot = plot.add(grid(x, TOP - 6.0, x, height - BOTTOM)).add(text(
            &shown(value),
            x,
            height - BOTTOM + 18.0,
            "middle",
            "small",
        ));
    }
    for (n, range) in ranges.iter().enumerate() {
        let y = TOP + LINE * n as f64;
        let [from, middle, to] = range
            .values
            .map(|value| scale.at(value.max(f64::MIN_POSITIVE)));
        let single = range.values[0] == range.values[2];
        let left = if single { LEFT } else { from };
        let colour = COLOURS[range.group % COLOURS.len()];
        let label = if single {
            shown(range.values[1])
        } else {
            shown(range.values[2])
        };
        plot = plot
            .add(text(&range.label, LEFT - 8.0, y + 14.0, "end", ""))
            .add(
                Rectangle::new()
                    .set("x", left)
                    .set("y", if single { y + 3.0 } else { y + 7.0 })
                    .set("width", (to - left).max(2.0))
                    .set("height", if single { LINE - 9.0 } else { 5.0 })
                    .set("fill", colour),
            )
            .add(text(&label, to + 6.0, y + 14.0, "start", "small"));
        if !single {
            plot = plot.add(dot(middle, y + 9.5, colour));
        }
    }
    plot.to_string()
}

/// A line for each series over places that are named.
pub fn lines(title: &str, places: &[&str], series: &[Series], shown: fn(f64) -> String) -> String {
    let height = 430.0;
    let left = 80.0;
    let right = WIDTH - 200.0;
    let values = series
        .iter()
        .flat_map(|series| series.values.iter().flatten().copied());
    let scale = Scale::new(values, height - BOTTOM, TOP);
    let mut plot = begin(title, height);
    for value in scale.decades() {
        let y = scale.at(value);
        plot = plot.add(grid(left, y, right, y)).add(text(
            &shown(value),
            left - 8.0,
            y + 4.0,
            "end",
            "small",
        ));
    }
    let step = (right - left) / (places.len().max(2) - 1) as f64;
    for (n, place) in places.iter().enumerate() {
        plot = plot.add(text(
            place,
            left + step * n as f64,
            height - 12.0,
            "middle",
            "small",
        ));
    }
    let mut ends: Vec<f64> = Vec::new();
    for (n, series) in series.iter().enumerate() {
        let colour = COLOURS[n % COLOURS.len()];
        let points: Vec<_> = (0..)
            .zip(&series.values)
            .filter_map(|(n, value)| Some((left + step * f64::from(n), scale.at((*value)?))))
            .collect();
        let Some((x, y)) = points.last().copied() else {
            continue;
        };
        // Labels keep a line's distance.
        let mut label_y = y;
        while ends.iter().any(|end| (end - label_y).abs() < 14.0) {
            label_y += 4.0;
        }
        ends.push(label_y);
        let path: Vec<_> = points
            .iter()
            .map(|(x, y)| format!("{x:.1},{y:.1}"))
            .collect();
        plot = plot.add(
            Polyline::new()
                .set("points", path.join(" "))
                .set("fill", "none")
                .set("stroke", colour)
                .set("stroke-width", if n == 0 { 3.0 } else { 1.7 }),
        );
        for (x, y) in points {
            plot = plot.add(dot(x, y, colour));
        }
        plot = plot.add(dot(x + 12.0, label_y, colour)).add(text(
            &series.label,
            x + 20.0,
            label_y + 4.0,
            "start",
            "small",
        ));
    }
    plot.to_string()
}

/// A multiple, as axes show it.
pub fn multiple(value: f64) -> String {
    if value >= 1.0 {
        format!(
            "{}x",
            digits(value).trim_end_matches('0').trim_end_matches('.')
        )
    } else {
        format!("{value}x")
    }
}

fn begin(title: &str, height: f64) -> Document {
    Document::new()
        .set("viewBox", (0.0, 0.0, WIDTH, height))
        .set("width", WIDTH)
        .set("height", height)
        .set("role", "img")
        .add(Title::new(title))
        .add(Style::new(STYLE))
        .add(text(title, 8.0, 20.0, "start", "title"))
}

fn text(content: &str, x: f64, y: f64, anchor: &str, class: &str) -> Text {
    Text::new(content)
        .set("x", format!("{x:.1}"))
        .set("y", format!("{y:.1}"))
        .set("text-anchor", anchor)
        .set("class", class)
}

fn grid(x1: f64, y1: f64, x2: f64, y2: f64) -> Line {
    Line::new()
        .set("x1", format!("{x1:.1}"))
        .set("y1", format!("{y1:.1}"))
        .set("x2", format!("{x2:.1}"))
        .set("y2", format!("{y2:.1}"))
        .set("class", "grid")
}

fn dot(x: f64, y: f64, colour: &str) -> Circle {
    Circle::new()
        .set("cx", format!("{x:.1}"))
        .set("cy", format!("{y:.1}"))
        .set("r", 3.5)
        .set("fill", colour)
}
