import DiagramIR

extension [UInt8] {
  mutating func append(_ symbol: Symbol) {
    append(text: symbol.module)
    append(text: symbol.name)
  }

  mutating func append(_ size: Size) {
    append(number: size.terms.count)
    for term in size.terms {
      append(number: term.coefficient)
      append(number: term.variables.count)
      for variable in term.variables { append(variable.name, variable.instance) }
    }
  }

  mutating func append(_ sizes: [Size]) {
    append(number: sizes.count)
    for size in sizes { append(size) }
  }

  private mutating func append(_ name: String, _ instance: Int32) {
    append(text: name)
    append(number: Int(UInt32(bitPattern: instance)))
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
      append(number: shape.count)
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
      append(text: use.label)
      append(use.per)
      append(use.openSizes)
    case .learned(let box):
      append(2)
      append(text: box.kind.rawValue)
      append(text: box.label)
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
      append(number: mapped)
    case .scan(let axis, let states, let mapped):
      append(6)
      append(axis)
      append(number: states)
      append(number: mapped)
    }
  }
}
