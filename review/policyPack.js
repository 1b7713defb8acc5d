#!/usr/bin/env node
// Pulumi starts this file itself, from version 3.255 on, and needs no language host for it.
require("./bin/startPolicyPack.js");
