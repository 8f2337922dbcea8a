import DiagramIR

extension [UInt8] {
  mutating func append(_ symbol: Symbol) {
    append(string: symbol.module)
    append(string: symbol.name)
  }

  mutating func append(_ size: Size) {
    append(varint: size.terms.count)
    for term in size.terms {
      append(varint: term.coefficient)
      append(varint: term.variables.count)
      for variable in term.variables { append(variable.name, variable.instance) }
    }
  }

  mutating func append(_ sizes: [Size]) {
    append(varint: sizes.count)
    for size in sizes { append(size) }
  }

  private mutating func append(_ name: String, _ instance: Int32) {
    append(string: name)
    append(varint: Int(UInt32(bitPattern: instance)))
  }

  mutating func append(_ type: WireType) {
    switch type {
    case .sort(let symbol):
      append(0)
      append(symbol)
    case .array(let element, let shape):
      if case .index(let size) = element {
        append(2)
        append(size)
      } else {
        append(1)
      }
      append(varint: shape.count)
      for dimension in shape { append(dimension) }
    }
  }

  private mutating func append(_ dimension: Dimension) {
    switch dimension {
    case .size(let size):
      append(0)
      append(size)
    case .shape(let variable):
      append(1)
      append(variable.name, variable.instance)
    }
  }

  mutating func append(_ operation: Operation) {
    switch operation {
    case .box(let symbol):
      append(0)
      append(symbol)
    case .use(let use):
      append(1)
      append(use.definition)
      append(use.content)
      append(string: use.label)
      append(use.per)
      append(use.openSizes)
    case .learned(let box):
      append(2)
      append(string: box.kind.rawValue)
      append(string: box.label)
      append(box.per)
    case .number(let pattern):
      append(3)
      append(word: pattern)
    case .size(let size):
      append(4)
      append(size)
    case .simd(let axis, let mapped):
      append(5)
      append(axis)
      append(varint: mapped)
    case .scan(let axis, let states, let mapped):
      append(6)
      append(axis)
      append(varint: states)
      append(varint: mapped)
    }
  }
}
