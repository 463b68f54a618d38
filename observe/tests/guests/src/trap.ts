// Divides by nothing, two calls down.
function divide(dividend: i32, divisor: i32): i32 {
  return dividend / divisor;
}

function halve(number: i32, half: i32): i32 {
  return divide(number, half) + 1;
}

export function run(number: i32): i32 {
  return halve(40, number);
}
