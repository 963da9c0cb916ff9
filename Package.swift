// swift-tools-version: 6.2

import PackageDescription

let strict: [SwiftSetting] = [
  .strictMemorySafety(), .treatAllWarnings(as: .error),
  // Each function by itself, for the linker to lay in order.
  .unsafeFlags(["-Xfrontend", "-function-sections"], .when(configuration: .release)),
]

/// A static executable starts in half the time, and runs where no toolchain is. Set P2MLAB_DYNAMIC
/// to build where the static libraries or lld are missing.
let isStatic = Context.environment["P2MLAB_DYNAMIC"] == nil
let staticLinking: [LinkerSetting] = [
  .unsafeFlags(
    [
      "-static-executable",
      // What swift-argument-parser's FoundationEssentials needs, and does not name.
      "-l_FoundationCollections", "-l_FoundationCShims", "-lswiftSynchronization",
      // See Sources/CArena/copy.c.
      "-Xlinker", "--wrap=memcpy",
      // What is touched at the start lies together: see linking/make-order.
      "-use-ld=lld", "-Xlinker", "--no-warn-symbol-ordering",
      "-Xlinker", "--symbol-ordering-file=\(Context.packageDirectory)/linking/order.txt",
    ],
    .when(platforms: [.linux], configuration: .release))
]

let package = Package(
  name: "p2mlab",
  products: [.executable(name: "p2mlab", targets: ["p2mlab"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0")
  ],
  targets: [
    .systemLibrary(
      name: "CJansson", pkgConfig: "jansson", providers: [.apt(["libjansson-dev"])]),
    // Debian 12's has no file for pkg-config.
    .systemLibrary(name: "CFDT", providers: [.apt(["libfdt-dev"])]),
    // Debian's valgrind reads no later DWARF.
    .target(name: "CArena", cSettings: [.unsafeFlags(["-gdwarf-4"])]),
    .target(name: "Jansson", dependencies: ["CArena", "CJansson"], swiftSettings: strict),
    .target(name: "JSONRPC", dependencies: ["Jansson"], swiftSettings: strict),
    .target(name: "DeviceTree", dependencies: ["CFDT"], swiftSettings: strict),
    .target(name: "Hypervisor", swiftSettings: strict),
    .systemLibrary(name: "CMemory"),
    // Optimised in debug builds too: without specialisation a search takes a thousand times as long.
    .target(
      name: "Exploration", dependencies: ["CMemory"],
      swiftSettings: strict + [.unsafeFlags(["-O"], .when(configuration: .debug))]),
    .target(
      name: "Laboratory", dependencies: ["Hypervisor", "Exploration"], swiftSettings: strict),
    .target(
      name: "P2MProtocol", dependencies: ["DeviceTree", "JSONRPC", "Laboratory"],
      swiftSettings: strict),
    .target(
      name: "LanguageServer", dependencies: ["JSONRPC", "P2MProtocol"], swiftSettings: strict),
    .target(name: "ProtocolEmitter", dependencies: ["P2MProtocol"], swiftSettings: strict),
    .target(
      name: "Rendering", dependencies: ["P2MProtocol"], exclude: ["Page/Template"],
      swiftSettings: strict),
    .executableTarget(
      name: "p2mlab",
      dependencies: [
        "LanguageServer", "ProtocolEmitter", "Rendering",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict,
      linkerSettings: isStatic ? staticLinking : []),
    .testTarget(name: "JanssonTests", dependencies: ["Jansson"], swiftSettings: strict),
    .testTarget(
      name: "JSONRPCTests", dependencies: ["JSONRPC", "Jansson"], swiftSettings: strict),
    .testTarget(name: "DeviceTreeTests", dependencies: ["DeviceTree"], swiftSettings: strict),
    .testTarget(name: "HypervisorTests", dependencies: ["Hypervisor"], swiftSettings: strict),
    .testTarget(name: "ExplorationTests", dependencies: ["Exploration"], swiftSettings: strict),
    .testTarget(name: "LaboratoryTests", dependencies: ["Laboratory"], swiftSettings: strict),
    .testTarget(
      name: "P2MProtocolTests", dependencies: ["ProtocolEmitter"], swiftSettings: strict),
    .testTarget(
      name: "LanguageServerTests", dependencies: ["LanguageServer"], swiftSettings: strict),
    .testTarget(
      name: "RenderingTests", dependencies: ["Rendering"], exclude: ["Goldens"],
      swiftSettings: strict),
    .testTarget(name: "p2mlabTests", dependencies: ["p2mlab"], swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
