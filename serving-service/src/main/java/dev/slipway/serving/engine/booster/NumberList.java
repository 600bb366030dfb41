package dev.slipway.serving.engine.booster;

import java.util.Arrays;

/** A growing list of 32-bit numbers without boxes; floats are kept as their bits. */
final class NumberList {
  private int[] numbers = new int[16];
  private int size;

  void add(int number) {
    if (size == numbers.length) {
      numbers = Arrays.copyOf(numbers, size * 2);
    }
    numbers[size++] = number;
  }

  int[] toInts() {
    return Arrays.copyOf(numbers, size);
  }

  float[] toFloats() {
    float[] floats = new float[size];
    for (int i = 0; i < size; i++) {
      floats[i] = Float.intBitsToFloat(numbers[i]);
    }
    return floats;
  }
}
