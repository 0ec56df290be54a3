package io.intermodal.server.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.stub.ServerCallStreamObserver;
import io.intermodal.cri.v1.Container;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChunkWriterTest {
  private static final List<Container> TEN =
      IntStream.range(0, 10)
          .mapToObj(i -> Container.newBuilder().setId("container-" + i).build())
          .toList();

  @Test
  void nothing_is_written_while_the_reader_is_not_ready() {
    Reader reader = new Reader();
    ChunkWriter<List<Container>, Container> writer =
        new ChunkWriter<>(new Chunks<>(TEN, 1), items -> items, reader);

    reader.wants = 3;
    writer.write();
    assertThat(reader.messages).hasSize(3);
    writer.write();
    assertThat(reader.messages).hasSize(3);
    assertThat(reader.completions).isZero();

    reader.wants = 100;
    writer.write();
    assertThat(reader.messages.stream().flatMap(List::stream).toList()).isEqualTo(TEN);
    assertThat(reader.completions).isOne();

    writer.write();
    assertThat(reader.completions).isOne();
  }

  @Test
  void an_empty_list_ends_at_once() {
    Reader reader = new Reader();
    new ChunkWriter<>(new Chunks<Container>(List.of(), 1), items -> items, reader).write();

    assertThat(reader.messages).isEmpty();
    assertThat(reader.completions).isOne();
  }

  @Test
  void pieces_stay_below_the_bound_and_hold_as_much_as_they_can() {
    int item = TEN.getFirst().getSerializedSize();
    List<Integer> sizes = new ArrayList<>();
    new Chunks<>(TEN, 4 * (item + 6)).forEachRemaining(piece -> sizes.add(piece.size()));

    assertThat(sizes).containsExactly(4, 4, 2);
  }

  @Test
  void an_item_larger_than_the_bound_is_a_piece_of_its_own() {
    Container large = Container.newBuilder().setId("x".repeat(1000)).build();
    List<List<Container>> pieces = new ArrayList<>();
    new Chunks<>(List.of(TEN.get(0), TEN.get(1), large, TEN.get(2)), 100)
        .forEachRemaining(pieces::add);

    assertThat(pieces)
        .containsExactly(List.of(TEN.get(0), TEN.get(1)), List.of(large), List.of(TEN.get(2)));
  }

  /** A caller that is ready for as many messages as the test says. */
  private static final class Reader extends ServerCallStreamObserver<List<Container>> {
    final List<List<Container>> messages = new ArrayList<>();
    int wants;
    int completions;

    @Override
    public boolean isReady() {
      return wants > 0;
    }

    @Override
    public void onNext(List<Container> message) {
      wants--;
      messages.add(message);
    }

    @Override
    public void onCompleted() {
      completions++;
    }

    @Override
    public void onError(Throwable failure) {
      throw new AssertionError(failure);
    }

    @Override
    public boolean isCancelled() {
      return false;
    }

    @Override
    public void setOnCancelHandler(Runnable handler) {}

    @Override
    public void setCompression(String compression) {}

    @Override
    public void disableAutoInboundFlowControl() {}

    @Override
    public void setOnReadyHandler(Runnable handler) {}

    @Override
    public void request(int count) {}

    @Override
    public void setMessageCompression(boolean enable) {}
  }
}
