// The page of the test host: a card in a frame, behind the bridge that real hosts are built on. Bundled when the tests run.
import { AppBridge, PostMessageTransport } from "@modelcontextprotocol/ext-apps/app-bridge";

let bridge;

window.openCard = async ({ address, sandbox, input, result, context, capabilities, size }) => {
  document.body.innerHTML = "";
  const frame = document.createElement("iframe");
  frame.setAttribute("sandbox", sandbox);
  frame.style.cssText = `width: ${size}px; height: 200px; border: 0; display: block`;
  document.body.append(frame);
  bridge = new AppBridge(null, { name: "test-host", version: "1" }, capabilities, { hostContext: context });
  bridge.oncalltool = (params) => window.callTool(params);
  bridge.onupdatemodelcontext = (params) => window.note("context", params).then(() => ({}));
  bridge.onsizechange = ({ height }) => {
    frame.style.height = `${height}px`;
  };
  bridge.oninitialized = async () => {
    await window.note("initialized", bridge.getAppVersion());
    await bridge.sendToolInput({ arguments: input });
    if (result) await bridge.sendToolResult(result);
    else await bridge.sendToolCancelled({ reason: "user action" });
  };
  await bridge.connect(new PostMessageTransport(frame.contentWindow, frame.contentWindow));
  frame.src = address;
};

window.changeContext = (context) => bridge.sendHostContextChange(context);
window.tearDown = () => bridge.teardownResource({});
