import AnatomyCommands
import Foundation

let console = Console(
  output: { FileHandle.standardOutput.write(Data($0.utf8)) },
  error: { FileHandle.standardError.write(Data($0.utf8)) })
exit(AnatomyTool.run(Array(CommandLine.arguments.dropFirst()), console: console).rawValue)
