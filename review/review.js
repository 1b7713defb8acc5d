#!/usr/bin/env node
require("./bin/start.js");
