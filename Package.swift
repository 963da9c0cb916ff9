// swift-tools-version: 6.2

import PackageDescription

let strict: [SwiftSetting] = [.strictMemorySafety(), .treatAllWarnings(as: .error)]

let package = Package(
  name: "p2mlab",
  products: [.executable(name: "p2mlab", targets: ["p2mlab"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0")
  ],
  targets: [
    .systemLibrary(
      name: "CJansson", pkgConfig: "jansson", providers: [.apt(["libjansson-dev"])]),
    .target(name: "Jansson", dependencies: ["CJansson"], swiftSettings: strict),
    .target(name: "JSONRPC", dependencies: ["Jansson"], swiftSettings: strict),
    .target(name: "Hypervisor", swiftSettings: strict),
    .target(name: "Laboratory", dependencies: ["Hypervisor"], swiftSettings: strict),
    .target(
      name: "P2MProtocol", dependencies: ["JSONRPC", "Laboratory"], swiftSettings: strict),
    .executableTarget(
      name: "p2mlab",
      dependencies: [
        "P2MProtocol", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),
    .testTarget(name: "HypervisorTests", dependencies: ["Hypervisor"], swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
