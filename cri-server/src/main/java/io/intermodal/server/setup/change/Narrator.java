package io.intermodal.server.setup.change;

/** Is told what happens while a node is changed. */
public interface Narrator {
  /** Nobody listens. */
  Narrator SILENT =
      new Narrator() {
        @Override
        public void began(String what) {}

        @Override
        public void done(String what) {}
      };

  /** Something begins that takes long: "docker: systemctl restart docker.service". */
  void began(String what);

  /** Something is done: "wrote /etc/docker/daemon.json". */
  void done(String what);
}
