/**
 * heights[c] = the highest over all slopes of Σ over windows of
 * energies[w][c + shift of that window at that slope], zero outside; places[c] = that slope.
 * `shifts` holds one i32 for each slope and window, slope by slope; every `stride`th sum is
 * written to `sampled`, in order. Returns how many those are. `row` has room for the cells.
 */
export function highestLines(
  energies: usize,
  windows: i32,
  cells: i32,
  shifts: usize,
  slopes: i32,
  row: usize,
  heights: usize,
  places: usize,
  stride: i32,
  sampled: usize,
): i32 {
  let next: i32 = 0
  let count: i32 = 0
  for (let slope: i32 = 0; slope < slopes; slope++) {
    memory.fill(row, 0, cells << 2)
    for (let window: i32 = 0; window < windows; window++) {
      const shift = load<i32>(shifts + ((slope * windows + window) << 2))
      addShifted(row, energies + ((window * cells) << 2), cells, shift)
    }
    for (let cell: i32 = 0; cell < cells; cell++) {
      const at = cell << 2
      const sum = load<f32>(row + at)
      if (slope == 0 || sum > load<f32>(heights + at)) {
        store<f32>(heights + at, sum)
        store<i32>(places + at, slope)
      }
    }
    for (; next < cells; next += stride) {
      store<f32>(sampled + (count << 2), load<f32>(row + (next << 2)))
      count++
    }
    next -= cells
  }
  return count
}

/** row[c] += energy[c + shift] where there is one. */
function addShifted(row: usize, energy: usize, cells: i32, shift: i32): void {
  let cell: i32 = max(0, -shift)
  const to: i32 = min(cells, cells - shift)
  for (; cell + 4 <= to; cell += 4) {
    const into = row + (cell << 2)
    v128.store(into, f32x4.add(v128.load(into), v128.load(energy + ((cell + shift) << 2))))
  }
  for (; cell < to; cell++) {
    const into = row + (cell << 2)
    store<f32>(into, load<f32>(into) + load<f32>(energy + ((cell + shift) << 2)))
  }
}
