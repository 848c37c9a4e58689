/** The WebSocket that keeps the page current. It comes back by itself, sooner at first, then every five seconds. */

const LONGEST_PAUSE = 5000;

export function listen({ onEvent, onState }) {
  let pause = 250;

  function connect() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/live`);
    socket.addEventListener("open", () => {
      pause = 250;
      onState("connected");
    });
    socket.addEventListener("message", (received) => onEvent(JSON.parse(received.data)));
    socket.addEventListener("close", () => {
      onState("lost");
      setTimeout(connect, pause);
      pause = Math.min(pause * 2, LONGEST_PAUSE);
    });
  }

  connect();
}
