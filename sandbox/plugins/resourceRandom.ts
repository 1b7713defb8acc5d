import { runPlugin } from "./pluginServer";
import { RandomProvider } from "./random/provider";

const provider = new RandomProvider();
void runPlugin(provider.service, provider.handlers());
