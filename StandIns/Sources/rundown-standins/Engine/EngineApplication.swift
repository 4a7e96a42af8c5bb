/// One application of an engine: its map and its advanced settings.
struct EngineApplication: Sendable {
  let name: String
  var map = MapEntryStore()
  var advanced: [String: JSONValue] = [
    "serverName": "_defaultServer_",
    "advancedSettings": [],
    "modules": [
      ["order": 0, "name": "base", "description": "Base", "class": "com.wowza.wms.module.ModuleCore"],
      [
        "order": 1, "name": "logging", "description": "Client Logging",
        "class": "com.wowza.wms.module.ModuleClientLogging",
      ],
      [
        "order": 2, "name": "ModulePushPublish", "description": "ModulePushPublish",
        "class": "com.wowza.wms.pushpublish.module.ModulePushPublish",
      ],
    ],
  ]

  init(name: String) {
    self.name = name
  }

  /// To push, the application needs the push module.
  private var pushes: Bool {
    guard case .array(let modules)? = advanced["modules"] else { return false }
    return modules.contains { $0["name"] == "ModulePushPublish" }
  }

  var listItem: JSONValue {
    [
      "id": .string(name), "href": .string(EngineSite.applicationsPath + "/" + name), "appType": "Live",
      "dvrEnabled": false, "drmEnabled": false, "transcoderEnabled": false, "streamTargetsEnabled": .bool(pushes),
    ]
  }

  var configuration: JSONValue {
    [
      "serverName": "_defaultServer_", "name": .string(name), "appType": "Live", "description": "",
      "clientStreamReadAccess": "*", "clientStreamWriteAccess": "*", "streamConfig": ["streamType": "live"],
    ]
  }
}
