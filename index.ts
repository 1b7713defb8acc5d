import { existsSync } from "node:fs";
import { programSettings } from "secure-environment";
import { environmentProgram } from "secure-environment-cluster/environmentProgram";

export = environmentProgram(programSettings(process.env, existsSync, new Date()));
