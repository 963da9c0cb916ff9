// swift-format-ignore-file
// Made of examples/actors by `make actors`.
import Laboratory

/// The actors that come with the program.
package enum BuiltInActors {
  package static let all: [ActorSource] = [
    ActorSource(
      name: "backend",
      text: Array(
        #"""
        {"actor":"backend","does":"Maps pages of another domain from the first free GFNs of an extended region, and keeps them.","why":"A backend, or a toolstack that looks into a guest, maps the other domain's rings and pages for as long as that runs; address space without RAM is what the extended regions are for.","parameters":{"extended":{"about":"the extended region","default":"bank1"},"pages":{"about":"how many pages it maps","default":4},"foreign":{"about":"the domain whose pages are mapped"},"foreignGfn":{"about":"the first of that domain's GFNs that are mapped","default":"0x40000"}}}
        {"method":"session.note","params":{"text":"A backend maps pages of domain ${foreign} in ${extended}."}}
        {"method":"region.allocate","params":{"domain":"${domain}","name":"${extended}","pages":"${pages}"},"save":{"free":"/result/gfn"}}
        {"method":"foreignPage.map","params":{"domain":"${domain}","gfn":"${free+i}","from":{"domain":"${foreign}","gfn":"${foreignGfn+i}"}},"times":"${pages}"}

        """#.utf8),
      isBuiltIn: true),
    ActorSource(
      name: "kexec",
      text: Array(
        #"""
        {"actor":"kexec","does":"Starts a second kernel, which maps the grant frames at the start of the first region again, though the first kernel never unmapped them.","why":"A kernel that starts another one without a reset of the domain leaves the physmap as it is. The second kernel gives up its grant table at the first error.","parameters":{"region":{"about":"the region for the grant table","default":"bank0"},"frames":{"about":"how many frames the second kernel maps","default":1}}}
        {"method":"session.note","params":{"text":"The second kernel knows nothing of the first, and maps its grant table in ${region}."}}
        {"method":"region.get","params":{"domain":"${domain}","name":"${region}"},"save":{"first":"/result/gfn"}}
        {"method":"grantFrame.map","params":{"domain":"${domain}","frame":"${i}","gfn":"${first+i}"},"times":"${frames}"}

        """#.utf8),
      isBuiltIn: true),
    ActorSource(
      name: "linux-old",
      text: Array(
        #"""
        {"actor":"linux-old","does":"Maps its grant frames at the start of the first region, frame k at the k-th GFN, and keeps them.","why":"Linux on Arm takes the first bank of the hypervisor node for the grant table alone, one frame at boot and the next whenever the entries run out.","parameters":{"region":{"about":"the region for the grant table","default":"bank0"},"frames":{"about":"how many frames it comes to need","default":4}}}
        {"method":"session.note","params":{"text":"Linux maps its grant table in ${region}, in frame order."}}
        {"method":"region.get","params":{"domain":"${domain}","name":"${region}"},"save":{"first":"/result/gfn"}}
        {"method":"grantFrame.map","params":{"domain":"${domain}","frame":"${i}","gfn":"${first+i}"},"times":"${frames}"}

        """#.utf8),
      isBuiltIn: true),
    ActorSource(
      name: "linux-unpopulated-bank0",
      text: Array(
        #"""
        {"actor":"linux-unpopulated-bank0","does":"Gives the first region to the allocator too: foreign pages are mapped from its first GFN on, and the grant table behind them.","why":"The region is far larger than any grant table, and so looks like room to be used. Done on Arm before Xen 4.17, it takes away the page that came to lie where the toolstack had seeded the table.","parameters":{"region":{"about":"the region for the grant table","default":"bank0"},"frames":{"about":"how many grant frames it comes to need","default":1},"pages":{"about":"how many foreign pages it maps before the grant table","default":4},"foreign":{"about":"the domain whose pages are mapped"},"foreignGfn":{"about":"the first of that domain's GFNs that are mapped","default":"0x40000"}}}
        {"method":"session.note","params":{"text":"The allocator for pages without RAM has ${region} as well, and takes a chunk of it."}}
        {"method":"region.allocate","params":{"domain":"${domain}","name":"${region}","pages":"${pages}"},"save":{"chunk":"/result/gfn"}}
        {"method":"foreignPage.map","params":{"domain":"${domain}","gfn":"${chunk+pages-1-i}","from":{"domain":"${foreign}","gfn":"${foreignGfn+i}"}},"times":"${pages}"}
        {"method":"session.note","params":{"text":"The frames of the grant table get whatever it hands out next."}}
        {"method":"region.allocate","params":{"domain":"${domain}","name":"${region}","pages":"${frames}"},"save":{"table":"/result/gfn"}}
        {"method":"grantFrame.map","params":{"domain":"${domain}","frame":"${i}","gfn":"${table+i}"},"times":"${frames}"}

        """#.utf8),
      isBuiltIn: true),
    ActorSource(
      name: "linux-unpopulated",
      text: Array(
        #"""
        {"actor":"linux-unpopulated","does":"Maps its grant frames in the first region, and foreign pages in an extended one, from the end of a chunk that it has allocated there.","why":"Since 5.17 Linux on Arm takes the banks behind the first as address space without RAM, for what it maps of others; the first stays the grant table's. Pages of a chunk are handed out last first.","parameters":{"region":{"about":"the region for the grant table","default":"bank0"},"extended":{"about":"the extended region","default":"bank1"},"frames":{"about":"how many grant frames it comes to need","default":1},"pages":{"about":"how many foreign pages it maps","default":4},"foreign":{"about":"the domain whose pages are mapped"},"foreignGfn":{"about":"the first of that domain's GFNs that are mapped","default":"0x40000"}}}
        {"method":"session.note","params":{"text":"Linux maps its grant table in ${region}, in frame order."}}
        {"method":"region.get","params":{"domain":"${domain}","name":"${region}"},"save":{"first":"/result/gfn"}}
        {"method":"grantFrame.map","params":{"domain":"${domain}","frame":"${i}","gfn":"${first+i}"},"times":"${frames}"}
        {"method":"session.note","params":{"text":"Its allocator for pages without RAM takes a chunk of ${extended}, and hands it out from its end."}}
        {"method":"region.allocate","params":{"domain":"${domain}","name":"${extended}","pages":"${pages}"},"save":{"chunk":"/result/gfn"}}
        {"method":"foreignPage.map","params":{"domain":"${domain}","gfn":"${chunk+pages-1-i}","from":{"domain":"${foreign}","gfn":"${foreignGfn+i}"}},"times":"${pages}"}

        """#.utf8),
      isBuiltIn: true),
    ActorSource(
      name: "toolstack-seed",
      text: Array(
        #"""
        {"actor":"toolstack-seed","does":"Maps grant frame 0 at the first GFN of the first region, writes the console's and xenstore's entries there, and unmaps it.","why":"Xen's toolstack builds every guest so where the kernel of its own domain lacks the interface to acquire a resource: it needs a GFN to reach the table, and the region is not in use before the guest starts.","parameters":{"region":{"about":"the region for the grant table","default":"bank0"}}}
        {"method":"session.note","params":{"text":"The toolstack seeds the grant table of domain ${domain} at the first GFN of ${region}."}}
        {"method":"region.get","params":{"domain":"${domain}","name":"${region}"},"save":{"first":"/result/gfn"}}
        {"method":"grantFrame.map","params":{"domain":"${domain}","frame":0,"gfn":"${first}"}}
        {"method":"session.note","params":{"text":"It writes two entries and takes the page away again."}}
        {"method":"physmap.unmap","params":{"domain":"${domain}","gfn":"${first}"}}

        """#.utf8),
      isBuiltIn: true),
    ActorSource(
      name: "u-boot-forgets",
      text: Array(
        #"""
        {"actor":"u-boot-forgets","does":"As u-boot, but starts the kernel with its grant frame still mapped.","why":"A boot loader that forgets this, or is interrupted before: what follows finds a frame that is mapped already.","parameters":{"region":{"about":"the region for the grant table","default":"bank0"},"frames":{"about":"how many frames it uses","default":1}}}
        {"method":"region.get","params":{"domain":"${domain}","name":"${region}"},"save":{"first":"/result/gfn"}}
        {"method":"session.note","params":{"text":"The boot loader maps its grant table in ${region}, and starts the kernel."}}
        {"method":"grantFrame.map","params":{"domain":"${domain}","frame":"${i}","gfn":"${first+i}"},"times":"${frames}"}

        """#.utf8),
      isBuiltIn: true),
    ActorSource(
      name: "u-boot",
      text: Array(
        #"""
        {"actor":"u-boot","does":"Maps its one grant frame at the first GFN of the first region, and unmaps it before it starts the kernel.","why":"U-Boot reads the kernel through a paravirtual disk, and leaves things as it found them.","parameters":{"region":{"about":"the region for the grant table","default":"bank0"},"frames":{"about":"how many frames it uses","default":1}}}
        {"method":"region.get","params":{"domain":"${domain}","name":"${region}"},"save":{"first":"/result/gfn"}}
        {"method":"session.note","params":{"text":"U-Boot maps its grant table in ${region}."}}
        {"method":"grantFrame.map","params":{"domain":"${domain}","frame":"${i}","gfn":"${first+i}"},"times":"${frames}"}
        {"method":"session.note","params":{"text":"It starts the kernel, and unmaps the table first."}}
        {"method":"physmap.unmap","params":{"domain":"${domain}","gfn":"${first+i}"},"times":"${frames}"}

        """#.utf8),
      isBuiltIn: true),
  ]
}
