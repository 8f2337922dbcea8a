import TensorKernels

/// Where each buffer lies in memory: buffers that are never needed at the same time may share a place.
struct ArenaLayout: Sendable {
  /// The first element of each buffer, in the memory of real numbers or in that of indices; 0 for inputs, and for
  /// buffers that are returned.
  private(set) var offsets: [Int]
  /// How many real numbers there are.
  private(set) var realCount = 0
  /// How many indices there are.
  private(set) var indexCount = 0
  /// How many elements there are besides inputs, parameters and single numbers, results included.
  private(set) var madeCount = 0

  /// Places start at multiples of so many elements.
  static let alignment = 16

  /// - Parameter inPlace: the buffers that are returned as they are.
  /// - Complexity: linear in the operands, times the logarithm of the places that are free at once.
  init(_ program: FlatProgram, inPlace: Set<Int>) {
    offsets = Array(repeating: 0, count: program.buffers.count)
    let events = BufferLifetimes(program).events
    for isIndex in [false, true] {
      let end = placeFixed(program, isIndex)
      let total = placeShared(program, events, isIndex, inPlace, from: end)
      if isIndex { indexCount = total } else { realCount = total }
    }
    for buffer in inPlace { madeCount += program.buffers[buffer].count }
  }

  private static func rounded(_ count: Int) -> Int {
    (max(1, count) + alignment - 1) / alignment * alignment
  }

  /// Parameters and constants have a place of their own.
  private mutating func placeFixed(_ program: FlatProgram, _ isIndex: Bool) -> Int {
    var end = 0
    for (place, buffer) in program.buffers.enumerated()
    where buffer.isIndex == isIndex {
      switch buffer.source {
      case .input, .steps: continue
      case .parameter, .number, .counting: break
      }
      offsets[place] = end
      end += Self.rounded(buffer.count)
      if buffer.source == .counting { madeCount += Self.rounded(buffer.count) }
    }
    return end
  }

  private mutating func placeShared(
    _ program: FlatProgram, _ events: [BufferLifetimes.Event], _ isIndex: Bool,
    _ inPlace: Set<Int>, from start: Int
  ) -> Int {
    var slots = SharedSlots()
    var slotOf: [Int?] = Array(repeating: nil, count: program.buffers.count)
    for event in events
    where program.buffers[event.buffer].isIndex == isIndex && !inPlace.contains(event.buffer) {
      if event.isStart {
        slotOf[event.buffer] = slots.take(Self.rounded(program.buffers[event.buffer].count))
      } else if let slot = slotOf[event.buffer] {
        slots.free(slot)
      }
    }
    var (places, end) = ([Int](), start)
    for size in slots.sizes {
      places.append(end)
      end += size
    }
    for (buffer, slot) in slotOf.enumerated() {
      if let slot { offsets[buffer] = places[slot] }
    }
    madeCount += end - start
    return end
  }
}

/// Places that are taken and freed, and grow where none is large enough.
private struct SharedSlots {
  private(set) var sizes: [Int] = []
  /// By size.
  private var unused: [Int] = []

  /// The first unused place that isn't smaller.
  private func place(of size: Int) -> Int {
    var (low, high) = (0, unused.count)
    while low < high {
      let middle = (low + high) / 2
      if sizes[unused[middle]] < size { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The smallest unused place that is large enough; the largest, grown, where none is.
  ///
  /// - Complexity: logarithmic in the unused places, and a move of those that are larger.
  mutating func take(_ size: Int) -> Int {
    guard !unused.isEmpty else {
      sizes.append(size)
      return sizes.count - 1
    }
    let slot = unused.remove(at: min(place(of: size), unused.count - 1))
    sizes[slot] = max(sizes[slot], size)
    return slot
  }

  mutating func free(_ slot: Int) { unused.insert(slot, at: place(of: sizes[slot])) }
}

/// When the buffers of steps are needed: from the first step that writes them to the last that reads them. What
/// is used in a loop, and lives outside of it, is needed for the whole loop; what is made once and read in runs, to
/// the end, so that no run writes over it.
private struct BufferLifetimes {
  struct Event {
    let buffer: Int
    let isStart: Bool
  }

  private let program: FlatProgram
  private var first: [Int]
  private var last: [Int]
  private var time = 0
  /// For each loop that is open: when it began, and the buffers from outside.
  private var loops: [(start: Int, used: [Int])] = []

  init(_ program: FlatProgram) {
    self.program = program
    first = Array(repeating: .max, count: program.buffers.count)
    last = Array(repeating: -1, count: program.buffers.count)
    walk(FlatProgram.prologue)
    let made = program.buffers.indices.filter { last[$0] >= 0 }
    let start = time
    walk(0)
    for buffer in made where last[buffer] > start { last[buffer] = time + 1 }
    for view in program.results { last[view.buffer] = time + 1 }
  }

  private mutating func walk(_ frame: Int) {
    for node in program.frames[frame] {
      time += 1
      switch node {
      case .step(let step):
        for place in program.steps[step].inputs.indices {
          use(program.steps[step].inputs[place].buffer)
        }
        for place in program.steps[step].outputs.indices {
          use(program.steps[step].outputs[place].buffer)
        }
      case .loop(_, let body):
        loops.append((time, []))
        walk(body)
        time += 1
        for buffer in loops.removeLast().used { last[buffer] = max(last[buffer], time) }
      }
    }
  }

  private mutating func use(_ buffer: Int) {
    guard case .steps = program.buffers[buffer].source else { return }
    let level = program.buffers[buffer].level
    last[buffer] = max(last[buffer], time)
    guard level < loops.count else { return first[buffer] = min(first[buffer], time) }
    first[buffer] = min(first[buffer], loops[level].start)
    loops[level].used.append(buffer)
  }

  /// Starts and ends in order of time; at one time, starts come before ends, so that no step writes to a place
  /// that it reads from.
  var events: [Event] {
    let used = program.buffers.indices.filter { first[$0] != .max }
    // Where each time's events begin: its starts at an even place, its ends at the odd one after it.
    var places = Array(repeating: 0, count: 2 * (time + 3) + 1)
    for buffer in used {
      places[2 * first[buffer] + 1] += 1
      places[2 * last[buffer] + 2] += 1
    }
    for place in places.indices.dropFirst() { places[place] += places[place - 1] }
    var events = Array(repeating: Event(buffer: 0, isStart: true), count: 2 * used.count)
    for buffer in used {
      events[places[2 * first[buffer]]] = Event(buffer: buffer, isStart: true)
      places[2 * first[buffer]] += 1
      events[places[2 * last[buffer] + 1]] = Event(buffer: buffer, isStart: false)
      places[2 * last[buffer] + 1] += 1
    }
    return events
  }
}
