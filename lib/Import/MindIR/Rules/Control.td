// SPDX-License-Identifier: Apache-2.0
//
// Calls, branches, loops written as recursion, and assignment.

def : MindIR<"graph.call", [], [MS_IfOp, MS_WhileOp]> {
  let hook = "importCall";
  let note = "loops are recursive functions";
}
def : MindIR<"Partial", [], []> { let hook = "importPartial"; }
def : MindIR<"Switch", [], []> { let hook = "importSwitch"; }
def : MindIR<"switch_layer", [], []> { let hook = "importSwitchLayer"; }
def : MindIR<"SwitchLayer", [], []> { let hook = "importSwitchLayer"; }
def : MindIR<"Assign", ["variable", "value"], []> { let hook = "importAssign"; }
def : MindIR<"AssignAdd", ["variable", "value"], [MS_AddOp]> { let hook = "importAssign"; }
def : MindIR<"AssignSub", ["variable", "value"], [MS_SubOp]> { let hook = "importAssign"; }
