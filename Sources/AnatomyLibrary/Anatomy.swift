// What a Swift user of Anatomy needs, under one name.

@_exported import Diagnostics
@_exported import DiagramIR
@_exported import DiagramText
@_exported import Drawing
@_exported import Interchange
@_exported import Rewriting
@_exported import TensorInterpretation
@_exported import TensorKernels
