import Hypervisor
import Testing

@Suite struct ChunkedArrayTests {
  /// Around the ends of chunks and at random: the same as an array, and no copy sees what came later.
  @Test(arguments: [0, 1, 511, 512, 513, 1024, 1500])
  func isAnArray(count: Int) {
    var random = SystemRandomNumberGenerator()
    var array: [Int] = []
    var chunked: ChunkedArray<Int> = []
    for number in 0..<count {
      array.append(number)
      chunked.append(number)
    }
    for _ in 0..<200 {
      let (before, copy) = (array, chunked)
      switch Int.random(in: 0..<8, using: &random) {
      case 0..<3:
        array.append(-count)
        chunked.append(-count)
      case 3..<5:
        let last = array.popLast()
        #expect(chunked.popLast() == last)
      case 5:
        guard let index = array.indices.randomElement(using: &random) else { continue }
        array.remove(at: index)
        chunked.remove(at: index)
      default:
        guard let index = array.indices.randomElement(using: &random) else { continue }
        array[index] += 1
        chunked[index] += 1
      }
      #expect(chunked.elementsEqual(array))
      #expect(chunked.count == array.count)
      #expect(copy.elementsEqual(before), "a copy")
    }
  }
}
